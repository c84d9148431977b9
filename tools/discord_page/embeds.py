"""Embeds: the card with a bar of colour that messages of the first version carry."""

from html import escape

from tools.discord_page.html import Json, Known, colour, element
from tools.discord_page.markdown import blocks, inline


def draw(embed: Json, known: Known) -> str:
    accent = embed.get("color")
    style = "" if accent is None else f"--accent: {colour(accent)}"
    author = element("by", escape((embed.get("author") or {}).get("name") or ""))
    description = blocks(embed.get("description") or "", known.names)
    thumbnail, image = embed.get("thumbnail"), embed.get("image")
    column = element("column", author, _title(embed, known), element("description", description))
    picture = known.picture(thumbnail, "thumbnail") if thumbnail else ""
    fields = [_field(field, known) for field in embed.get("fields") or []]
    return element(
        "embed",
        element("section", column, picture),
        element("fields", *fields),
        known.picture(image, "image") if image else "",
        element("footer", escape((embed.get("footer") or {}).get("text") or "")),
        style=style,
    )


def _title(embed: Json, known: Known) -> str:
    title = inline(embed.get("title") or "", known.names)
    if title and embed.get("url"):
        title = f'<a href="{escape(embed["url"])}">{title}</a>'
    return element("title", title)


def _field(field: Json, known: Known) -> str:
    name = element("field-name", inline(field["name"], known.names))
    css = "field inline" if field.get("inline") else "field"
    return element(css, name, blocks(field["value"], known.names))
