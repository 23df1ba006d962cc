"""The screen: one page a file. The only room that imports Streamlit."""
