"""The screen, as the shell opens it; what it needs is imported when it is."""

from pathlib import Path

from counter.i18n import use_language


def open_screen(home: Path | None, lang: str | None, roster: Path | None = None) -> int:
    """Open the screen, with a roster file straight at its rows, until it is left; the exit code."""
    from counter.settings import load_settings

    try:
        settings = load_settings(home, lang)
        use_language(settings.lang)
        from counter.store.keys import operators_at

        operators_at(settings.home)  # no ledger, or a damaged one: said here, not on a screen
        from counter.app import run
        from counter.terminal.hangup import end_with_terminal

        end_with_terminal(lambda: None)  # every accepted field is kept already
        return run(settings, roster=roster)
    except Exception as error:
        from counter.cli.exits import told

        return told(error, home)
