"""Recorded Discord messages, drawn as Discord's dark theme shows them.

`markdown` reads what Discord reads of Markdown, `components` and `embeds` draw the parts of a
message, `page` puts messages one below the other; `style.css` is how all of it looks. The page
holds everything that it shows: it loads nothing, and runs no script.
"""

from tools.discord_page.components import UnknownComponentError
from tools.discord_page.html import MissingUploadError
from tools.discord_page.page import Shown, Used, page

__all__ = ["MissingUploadError", "Shown", "UnknownComponentError", "Used", "page"]
