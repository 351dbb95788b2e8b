"""What a sync came to, for a terminal, for a program, and for a pull request's body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from citeman.cli.check import as_json as finding_as_json
from citeman.cli.console import Console
from citeman.tex import to_text

if TYPE_CHECKING:
    from citeman.commands.sync import Synced
    from citeman.commands.watch import Watched
    from citeman.merge import Change
    from citeman.model import Finding

TITLES = {
    "withdrawn": "Withdrawn",
    "retracted": "Retracted",
    "corrected": "Corrected",
    "published": "Published",
    "new-version": "New versions",
    "field": "Fields",
}
WIDTH = 48


def as_json(synced: Synced, watched: Watched) -> dict[str, Any]:
    """Return the report in the shape of `sync --json`."""
    outages = {**synced.unreachable, **watched.unreachable}
    return {
        "changes": [_change_as_json(change, synced) for change in synced.changes],
        "unreachable": sorted(outages),
        "outages": outages,
        "unanswered": list(synced.unanswered),
        "requests": {"arxiv": 0, "crossref": 0, **synced.requests},
        "findings": [finding_as_json(finding) for finding in (*synced.findings, *watched.findings)],
        "inbox": [found.identifier for found in watched.found],
    }


def _change_as_json(change: Change, synced: Synced) -> dict[str, Any]:
    cited = synced.cited.get(change.key, ()) if change.kind != "field" else ()
    return {
        "key": change.key,
        "kind": change.kind,
        "field": change.field,
        "base": change.base,
        "ours": change.ours,
        "theirs": change.theirs,
        "action": change.action,
        "note": change.note,
        "source": change.source,
        "cited": [{"path": one.path, "line": one.line, "section": one.section, "sentence": one.sentence} for one in cited],
    }


def show(synced: Synced, watched: Watched, console: Console) -> None:
    """Print the report as a table, with what needs a sentence below it."""
    shown = [change for change in synced.changes if _concerns(change) or console.verbose]
    rows = [
        (change.key, change.field or change.kind, _was(change), _is(change), change.source, change.action) for change in shown
    ]
    if rows:
        console.table(rows, ("paper", "what", "was", "upstream says", "source", "action"))
    for change in shown:
        if change.note and change.kind != "field":
            console.print(f"{change.key}: {change.kind}: {change.note}")
    for key, places in synced.cited.items():
        for one in places:
            console.print(f"{key}: cited at {one.path}:{one.line}: {one.sentence}")
    for change in shown:
        if change.action == "conflict":
            target = f"{change.key}.{change.field}"
            console.print(f"{target}: settle it with `citeman sync --accept {target}` or `--keep {target}`")
    _show_rest(synced, watched, console)


def _show_rest(synced: Synced, watched: Watched, console: Console) -> None:
    for finding in (*synced.findings, *watched.findings):
        place = f"{finding.path}:{finding.line}" if finding.line else finding.path
        console.print(f"{place}: {finding.severity}: {finding.rule}: {finding.message}")
    for found in watched.found:
        console.print(f"inbox: {found.identifier}: {to_text(found.title)}")
    for service, reason in {**synced.unreachable, **watched.unreachable}.items():
        console.error(f"{service} could not be reached: {reason}; what it would say is left as it was")
    kept = sum(not _concerns(change) for change in synced.changes)
    console.note(_summary(synced, kept))


def _summary(synced: Synced, kept: int) -> str:
    counts = [(sum(change.action == action for change in synced.changes), action) for action in ("taken", "conflict")]
    told = ", ".join(
        f"{count} {action if count == 1 or action == 'taken' else action + 's'}" for count, action in counts if count
    )
    requests = ", ".join(f"{service} {count}" for service, count in sorted(synced.requests.items()) if count) or "none"
    differing = f"; {kept} kept as a person has them (-v lists them)" if kept else ""
    return f"{told or 'nothing new'}{differing}; requests: {requests}"


def _concerns(change: Change) -> bool:
    """Whether a change is news; a field that a person has otherwise than upstream is not, until upstream changes it too."""
    return change.kind != "field" or change.action != "kept" or bool(change.note)


def _was(change: Change) -> str:
    return _short(change.ours or change.base)


def _is(change: Change) -> str:
    return _short(change.theirs) or ("(nothing)" if change.kind == "field" else "")


def _short(value: str) -> str:
    text = to_text(value)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1].rstrip()}…"


def as_markdown(synced: Synced, watched: Watched) -> str:
    """Return the report as the body of a pull request."""
    changes = [change for change in synced.changes if _concerns(change)]
    parts = [f"## Bibliography: {_summary(synced, 0).partition(';')[0]}"]
    conflicts = [change for change in changes if change.action == "conflict"]
    if conflicts:
        parts.append("### Conflicts\n\n" + _table(conflicts, "yours", "upstream"))
        parts.append("Settle each with `citeman sync --accept KEY.FIELD` or `citeman sync --keep KEY.FIELD`.")
    for kind, title in TITLES.items():
        own = [change for change in changes if change.kind == kind and change.action != "conflict"]
        if own and kind == "field":
            parts.append(f"### {title}\n\n" + _table(own, "was", "is"))
        elif own:
            parts.append(f"### {title}\n\n" + "\n".join(_items(own, synced)))
    parts += _markdown_rest(synced, watched)
    return "\n\n".join(parts)


def _items(changes: Iterable[Change], synced: Synced) -> Iterator[str]:
    for change in changes:
        hint = " (a hint, nothing was changed)" if change.action == "kept" else ""
        yield f"- `{change.key}`: {_escaped(change.note or change.theirs)}{hint}"
        for one in synced.cited.get(change.key, ()):
            yield f"  > {_escaped(one.sentence)} — `{one.path}:{one.line}`"


def _table(changes: Iterable[Change], before: str, after: str) -> str:
    rows = [f"| paper | field | {before} | {after} |", "|---|---|---|---|"]
    rows += [f"| `{change.key}` | {change.field} | {_escaped(change.ours)} | {_escaped(change.theirs)} |" for change in changes]
    return "\n".join(rows)


def _markdown_rest(synced: Synced, watched: Watched) -> Iterator[str]:
    findings: list[Finding] = [*synced.findings, *watched.findings]
    if findings:
        yield "### Findings\n\n" + "\n".join(
            f"- {finding.path}:{finding.line}: {_escaped(finding.message)}" for finding in findings
        )
    if watched.found:
        papers = (f"- {found.identifier}: {_escaped(to_text(found.title))}" for found in watched.found)
        yield "### New in the inbox\n\n" + "\n".join(papers)
    outages = {**synced.unreachable, **watched.unreachable}
    if outages:
        yield "### Not reached\n\n" + "\n".join(f"- {service}: {_escaped(reason)}" for service, reason in outages.items())


def _escaped(text: str) -> str:
    """Text as Markdown that shows it, in a table too."""
    flat = " ".join(text.split())
    for char in "\\`*_[]<>|#":
        flat = flat.replace(char, f"\\{char}")
    return flat
