"""Frequent first names of one gender, so that "he" and "she" find the right person; a name not here fits both."""

from __future__ import annotations

MALE_NAMES = frozenset(
    """aaron abdul abdullah adam ahmed alan albert alexander ali alistair andrew andy anthony antonio arthur barack barry
    ben benjamin bernard bernie bill billy bob boris brad brandon brian bruce carl carlos charles chris christopher chuck
    colin craig damian dan daniel dave david dean dennis derek dominic don donald doug douglas duncan ed eddie edward
    emmanuel eric frank fred gareth gary gavin geoff geoffrey george gerald giorgio glenn gordon graham greg gregory
    hamish harold harry henry howard hugh ian ibrahim ivan jack jacob jake james jared jason jeff jeffrey jeremy jerry jim
    jimmy joe joel john jon jonathan jose joseph joshua juan julian justin karl keith ken kenneth kevin kyle larry
    lawrence lee leonard liam louis luke malcolm marco mark martin matt matthew michael mick mike mitch mitt mohamed
    mohammad mohammed muhammad nathan neil newt nicholas nigel norman oliver omar oscar owen patrick paul pedro peter
    phil philip rafael ralph ray raymond richard rick robert robin rob rodney roger ron ronald ross roy rudy rupert
    russell ryan sadiq sean sebastian sergei shaun simon stephen steve steven stuart ted terry thomas tim timothy toby
    todd tom tony trevor victor vince vincent vladimir walter warren wayne will william xavier yusuf zac""".split()
)
FEMALE_NAMES = frozenset(
    """abigail agnes aisha alexandra alice alison amanda amber amy andrea angela anita ann anna anne annie april barbara
    beatrice becky beth betty beverly brenda bridget carol caroline carolyn catherine charlotte cheryl chloe christina
    christine claire clare condoleezza cressida cynthia danielle dawn debbie deborah diana diane donna doris dorothy
    edith elaine eleanor elena elizabeth ellen emily emma erin esther eva evelyn fatima felicity fiona florence frances
    gail georgia gillian gina gloria grace hannah harriet heather helen hillary ingrid irene isabel ivanka jacqueline
    jane janet janice jean jennifer jenny jess jessica jill joan joanna josephine joyce judith judy julia julie karen
    kate katherine kathleen kathryn katie kellyanne kimberly kirsten laura lauren leila liane lillian linda lisa liz
    lois lorraine louise lucy lynn madeleine maggie margaret maria marie marilyn marine martha mary megan melania melissa
    michelle miriam molly monica nancy naomi natalie natasha nicola nicole nora olivia pamela patricia pauline penny
    phyllis priti rachel rebecca rita rosa rosemary rose ruth sally samantha sandra sarah sharon sheila shirley sophie
    stella stephanie sue susan suzanne sylvia tammy teresa theresa tina tracy ursula valerie vanessa vera veronica
    victoria virginia wendy yasmin yvette yvonne zoe""".split()
)
