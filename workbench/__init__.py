"""The workbench: the store, verdicts, ingest, export and the command line."""

from workbench.errors import WorkbenchError
from workbench.ingest import IngestReport, Line
from workbench.settings import Settings, load_settings
from workbench.store import Store

__all__ = ["IngestReport", "Line", "Settings", "Store", "WorkbenchError", "load_settings"]
