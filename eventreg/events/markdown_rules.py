"""What organisers write in Markdown, as safe HTML and as plain text.

Two fences stand in a row (abuse 6): the parser knows no raw HTML, and whatever it makes passes an allow-list.
Images are left out, because a page asks no other host for anything.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST_EXCERPT = 200
"""Characters; what search engines and messengers show of a description."""

_ALLOWED_TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ALLOWED_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
_HTML_LINK = "nofollow noopener"

# Indented lines are agendas pasted from a word processor, never program code; single line breaks are meant.
_PARSER = MarkdownIt("js-default", {"breaks": True, "linkify": False}).disable("code")

_SHORT_WORD = re.compile(r"(?<!\w)([aiouwzAIOUWZ]) (?=\S)")


def to_html(markdown: str, *, first_heading: int = 2) -> str:
    """Safe HTML. The highest heading used becomes `first_heading`, the others keep their distance to it."""
    tokens = _PARSER.parse(markdown)
    _shift_headings(tokens, first_heading)
    for token in tokens:
        if token.children:
            token.children = [_harmless(child) for child in token.children]
    return nh3.clean(
        _PARSER.renderer.render(tokens, _PARSER.options, {}),
        tags=_ALLOWED_TAGS,
        attributes=_ALLOWED_ATTRIBUTES,
        url_schemes=_ALLOWED_SCHEMES,
        link_rel=_HTML_LINK,
    ).strip()


def to_text(markdown: str) -> str:
    """Plain text for calendars and mails: blank lines between blocks, '- ' and numbers before list items."""
    blocks: list[str] = []
    item_marks: list[str | int] = []
    mark = ""
    for token in _PARSER.parse(markdown):
        if token.type == "bullet_list_open":
            item_marks.append("-")
        elif token.type == "ordered_list_open":
            item_marks.append(int(token.attrGet("start") or 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            item_marks.pop()
        elif token.type == "list_item_open":
            mark = _next_mark(item_marks)
        elif token.type in ("inline", "fence"):
            text = _inline_text(token.children or ()) if token.type == "inline" else token.content.rstrip()
            blocks.append(mark + text if mark else text)
            mark = ""
        if _ends_block(token):
            blocks.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(blocks)).strip()


def excerpt(markdown: str, longest: int = LONGEST_EXCERPT) -> str:
    """The first paragraph in one line, cut between words with an ellipsis; '' when there is no paragraph."""
    tokens = _PARSER.parse(markdown)
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open" and inline.type == "inline":
            line = " ".join(_inline_text(inline.children or (), with_links=False).split())
            if line:
                return _cut(line, longest)
    return ""


def _shift_headings(tokens: Iterable[Token], first_heading: int) -> None:
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) - highest + first_heading)}"


def _harmless(token: Token) -> Token:
    """An image becomes its description; a one-letter word is tied to the next one, as Polish print wants."""
    if token.type == "image":
        return Token("text", "", 0, content=token.content)
    if token.type == "text":
        token.content = _SHORT_WORD.sub("\\1\u00a0", token.content)
    return token


def _ends_block(token: Token) -> bool:
    if token.type in ("bullet_list_close", "ordered_list_close"):
        return token.level == 0
    # A paragraph in a tight list is hidden: the next item follows without a blank line.
    return token.type in ("paragraph_close", "heading_close", "fence", "tr_close") and not token.hidden


def _next_mark(item_marks: list[str | int]) -> str:
    indent = "  " * (len(item_marks) - 1)
    current = item_marks[-1]
    if isinstance(current, str):
        return f"{indent}{current} "
    item_marks[-1] = current + 1
    return f"{indent}{current}. "


def _inline_text(tokens: Sequence[Token], *, with_links: bool = True) -> str:
    parts: list[str] = []
    link, link_from = "", 0
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "link_open":
            link, link_from = str(token.attrGet("href") or ""), len(parts)
        elif token.type == "link_close":
            said = "".join(parts[link_from:])
            if with_links and link and link.removeprefix("mailto:").removeprefix("tel:") != said:
                parts.append(f" ({link})")
        elif token.content:
            parts.append(token.content)
    return "".join(parts)


def _cut(line: str, longest: int) -> str:
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-.") + "…"
