"""What a running organisation still lacks: hours without anybody, people who do not hear, places and names that lead nowhere.

`Picture` is the organisation as it stands, read at once; each module looks at one side of it and gives `Finding`s.
"""

from casework.missing.picture import Area, Door, Finding, Ground, Picture, What
from casework.missing.survey import Survey, survey_of

__all__ = ["Area", "Door", "Finding", "Ground", "Picture", "Survey", "What", "survey_of"]
