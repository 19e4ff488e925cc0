"""Pictures of a report's page as SVG, one file each; what is written in them comes from others and stays text."""

from markupsafe import Markup

from checker.document.errors import visible


def filled(template: str, *values: object) -> Markup:
    """A template with values between its braces: our own mark-up as it is, everything else visible and escaped."""
    return Markup(template).format(*(one if isinstance(one, Markup) else visible(str(one)) for one in values))
