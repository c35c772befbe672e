"""A drift report as one page of HTML: no script, nothing loaded from anywhere, for any reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from scripts.lib.drift.history import History
from scripts.lib.drift.html_charts import CLASSES, bars, strip
from scripts.lib.drift.html_style import STYLE
from scripts.lib.drift.html_text import text
from scripts.lib.drift.model import Drift, DriftReport, Failure
from scripts.lib.drift.report_text import places
from scripts.lib.drift.summary import counts, headline, part_of, stack_title, stacks_of
from scripts.lib.drift.trend import Day, State, days, strips
from scripts.lib.plan_review.model import AttributeChange, Rights

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""Even if a name got through as markup, a browser would load and run nothing."""

SHOWN_ATTRIBUTES: Final = 50
COMMAND_LIMIT: Final = 8_000


def to_html(report: DriftReport, history: History | None = None) -> str:
    """Return the page.

    Args:
        history: earlier reports and this one, see ``with_report``; without it there are no charts.
    """
    title = f"Drift of {report.account_id or 'an unknown account'}, {report.region}"
    body = (
        _header(report),
        _failures(report.failures),
        _findings(report),
        _history(history),
        _ignored(report),
        _noise(report),
        _checks(report),
        _notes((*report.notes, *(history.passed_over if history else ()))),
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{''.join(body)}"
        "<footer><p>An error is no drift: a check that failed says nothing of what it was to "
        "check. What is ignored has a reason, an owner and an end.</p></footer>"
        "\n</main>\n</body>\n</html>\n"
    )


def _header(report: DriftReport) -> str:
    return (
        f"<header><h1>{text(headline(report))}</h1>"
        f'<p class="where">Account {text(report.account_id or "unknown")}, '
        f"Region {text(report.region)}, checked at {_time(report.when)}</p>"
        f"{_numbers(report)}</header>"
    )


def _numbers(report: DriftReport) -> str:
    number = counts(report)
    shown = (
        ("high", "high", number.high),
        ("medium", "medium", number.medium),
        ("low", "low", number.low),
        ("plain", "ignored", number.ignored),
        ("failed", "checks failed", number.failed),
    )
    items = "".join(
        f'<li class="{name}{"" if value else " zero"}"><b>{value:,}</b><span>{label}</span></li>'
        for name, label, value in shown
    )
    return f'<ul class="numbers" aria-label="Findings by risk">{items}</ul>'


def _failures(failures: Sequence[Failure]) -> str:
    if not failures:
        return ""
    items = "".join(
        f'<article class="failed"><div class="head"><span class="tag failed">check failed</span>'
        f"<h3>{text(failure.plane)}, {text(stack_title(failure.stack))}</h3></div>"
        f"<p>{text(failure.reason)}</p></article>"
        for failure in failures
    )
    return f"<section><h2>Could not be checked</h2>{items}</section>"


def _findings(report: DriftReport) -> str:
    parts = []
    for stack in stacks_of(report):
        alarms = [drift for drift in part_of(report, stack).drifts if drift.ignored is None]
        if alarms:
            cards = "".join(map(_card, alarms))
            title = f"Stack {stack}" if stack else "The account"
            parts.append(f"<section><h2>{text(title)}</h2>{cards}</section>")
    return "".join(parts)


def _card(drift: Drift) -> str:
    risk = str(drift.risk)
    facts = [("Should be", text(drift.expected)), ("Is", text(drift.actual))]
    if drift.author:
        author = drift.author
        facts.append(("By", f"{text(author.who)}, {text(author.when)} ({text(author.event)})"))
    if drift.folded:
        facts.append(("Same cause", text(places(drift.folded))))
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    return (
        f'<article class="{risk}"><div class="head"><span class="tag {risk}">{risk}</span>'
        f'<h3><code>{text(drift.subject)}</code></h3><span class="tag plain">'
        f"{text(drift.plane)}</span></div><p>{text(drift.what)}</p><dl>{listed}</dl>"
        f"{_rights(drift.rights)}{_attributes(drift.attributes)}{_remedies(drift)}</article>"
    )


def _rights(rights: Iterable[Rights]) -> str:
    items = []
    for each in rights:
        items += [f"<li>gained: {text(said)}</li>" for said in each.gained]
        items += [f"<li>lost: {text(said)}</li>" for said in each.lost]
        if each.unreadable:
            items.append(f"<li>cannot be compared: {text(each.unreadable)}</li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _attributes(changes: Sequence[AttributeChange]) -> str:
    if not changes:
        return ""
    rows = "".join(
        f'<tr><th scope="row"><code>{text(change.path)}</code></th>'
        f"<td>{_side(change.before)}</td><td>{_side(change.after)}</td></tr>"
        for change in changes[:SHOWN_ATTRIBUTES]
    )
    more = len(changes) - SHOWN_ATTRIBUTES
    note = f"<p>And {more:,} more attributes.</p>" if more > 0 else ""
    return (
        "<details><summary>What differs, one by one</summary><table><caption>Attributes</caption>"
        '<thead><tr><th scope="col">Attribute</th><th scope="col">Should be</th>'
        f'<th scope="col">Is</th></tr></thead><tbody>{rows}</tbody></table>{note}</details>'
    )


def _remedies(drift: Drift) -> str:
    items = []
    for remedy in drift.remedies:
        command = (
            f"<pre><code>{text(remedy.command, COMMAND_LIMIT)}</code></pre>"
            if remedy.command
            else ""
        )
        items.append(f"<li><b>{text(remedy.mend)}</b>: {text(remedy.text)}{command}</li>")
    if not items:
        return ""
    return f"<details><summary>How to mend it</summary><ul>{''.join(items)}</ul></details>"


def _history(history: History | None) -> str:
    if history is None or not history.reports:
        return ""
    by_day = days(history.reports)
    rows = "".join(
        f'<tr><th scope="row">{text(row.stack or "the account")}</th>'
        f"<td>{_state(row.states[-1])}</td>"
        f'<td><div class="scroll">{strip(row)}</div></td>'
        f'<td class="number">{_time(row.last_seen) if row.last_seen else "never"}</td></tr>'
        for row in strips(history.reports)
    )
    return (
        '<section><h2>How it went</h2><div class="card">'
        f"<p>Findings that alarm, by day</p>{bars(by_day)}{_legend()}{_days_table(by_day)}</div>"
        '<div class="card"><table><caption>Each stack, report by report: the newest is at the '
        'right</caption><thead><tr><th scope="col">Stack</th><th scope="col">Now</th>'
        '<th scope="col">Before</th><th scope="col">Last checked</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _days_table(by_day: Sequence[Day]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{text(day.date)}</th><td class="number">{day.counts.high}</td>'
        f'<td class="number">{day.counts.medium}</td><td class="number">{day.counts.low}</td>'
        f'<td class="number">{day.counts.failed}</td></tr>'
        for day in reversed(by_day)
    )
    return (
        "<details><summary>The same as numbers</summary><table><caption>The last report of each "
        'day</caption><thead><tr><th scope="col">Day</th><th scope="col">High</th>'
        '<th scope="col">Medium</th><th scope="col">Low</th><th scope="col">Checks failed</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _legend() -> str:
    items = "".join(
        f'<li><svg width="9" height="12" aria-hidden="true"><rect class="{name}" x="1" '
        f'y="{11 - min(high, 10) // 1}" width="7" height="{min(high, 10)}" rx="1.5"/></svg>'
        f"{found}</li>"
        for found, (name, high) in CLASSES.items()
    )
    return f'<ul class="legend">{items}</ul>'


def _state(found: State) -> str:
    return f'<span class="tag {CLASSES[found][0]}">{found}</span>'


def _ignored(report: DriftReport) -> str:
    rows = "".join(
        f'<tr><td>{drift.risk}</td><th scope="row"><code>{text(drift.subject)}</code></th>'
        f"<td>{text(drift.what)}</td><td>{text(drift.ignored.reason)}</td>"
        f'<td>{text(drift.ignored.owner)}</td><td class="number">{text(drift.ignored.expires)}</td>'
        "</tr>"
        for drift in report.drifts
        if drift.ignored
    )
    if not rows:
        return ""
    heads = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Risk", "What", "Drift", "Reason", "Owner", "Until")
    )
    return (
        '<section><h2>Ignored</h2><div class="card"><table><caption>Accepted by the ignore file'
        f"</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _noise(report: DriftReport) -> str:
    items = "".join(
        f"<li>{text(noise.stack or 'the account')}: {text(noise.reason)}: "
        f"{text(places(noise.places))}</li>"
        for check in report.checks
        for noise in check.noise
    )
    if not items:
        return ""
    return f"<section><h2>Differs and means nothing</h2><ul>{items}</ul></section>"


def _checks(report: DriftReport) -> str:
    rows = "".join(
        f'<tr><th scope="row">{text(check.stack or "the account")}</th><td>{text(check.plane)}</td>'
        f"<td>{_state(State.FAILED) if check.failures else 'done'}</td>"
        f'<td class="number">{sum(drift.ignored is None for drift in check.drifts)}</td>'
        f'<td class="number">{check.seconds:.1f}</td></tr>'
        for check in report.checks
    )
    if not rows:
        return ""
    heads = "".join(
        f'<th scope="col">{name}</th>' for name in ("Stack", "Plane", "Check", "Drift", "Seconds")
    )
    return (
        '<section><h2>What was checked</h2><div class="card"><table><caption>Checks of this '
        f"report</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        "</section>"
    )


def _notes(notes: Iterable[str]) -> str:
    items = "".join(f"<li>{text(note)}</li>" for note in notes)
    return f"<section><h2>Notes</h2><ul>{items}</ul></section>" if items else ""


def _side(value: str | None) -> str:
    return "<i>none</i>" if value is None else f"<code>{text(value)}</code>"


def _time(when: str) -> str:
    return (
        f'<time datetime="{text(when)}">{text(when.replace("T", " ").replace("Z", " UTC"))}</time>'
    )
