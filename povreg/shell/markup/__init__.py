"""The formatter of templates (``make format``, ``make check``): structure on lines of its own, no line too long.

Formatters of HTML move white space where a reader of Chinese sees it: a line break between two words is a blank on
the page. This one knows what Jinja2 takes away around its tags and where a browser shows no blank; everywhere else it
breaks a line with ``{%-``, ``-%}``, ``+%}`` or ``{# -#}``, so that a page reads as before.
"""

from povreg.shell.markup.printer import formatted

__all__ = ["formatted"]
