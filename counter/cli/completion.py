"""Tab in the shell: its script, shown or installed. What is offered comes from the declarations, in every shell."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

NAME: Final = "counter"
COMPLETING: Final = "_COUNTER_COMPLETE"
"""What a shell sets that asks for completions: the words stand in variables then, and there are no arguments."""

Shell = Literal["bash", "zsh", "fish", "powershell", "pwsh"]

_ZSH: Final = f"""#compdef {NAME}
_counter_completion() {{
  eval $(env _TYPER_COMPLETE_ARGS="${{words[1,$CURRENT]}}" {COMPLETING}=complete_zsh {NAME})
}}
compdef _counter_completion {NAME}
[[ $zsh_eval_context[-1] == loadautofunc ]] && _counter_completion "$@"
"""
"""zsh reads the installed file at the first Tab and takes it for the answer; Typer's own script has none then."""

_FISH: Final = f"""function __counter_completion
  set -lx _TYPER_COMPLETE_ARGS (commandline -cp)
  set -lx _TYPER_COMPLETE_FISH_ACTION get-args
  set -l found (env {COMPLETING}=complete_fish {NAME})
  if test -n "$found"
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete --command {NAME} --no-files --arguments "(__counter_completion)"
"""
"""One start of the program a Tab, where Typer's own script needs two."""

_OURS: Final[Mapping[Shell, str]] = {"zsh": _ZSH, "fish": _FISH}


def script(shell: Shell) -> str:
    """What makes a shell ask `counter` at Tab."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]  # not in its __all__

    return _OURS.get(shell) or str(get_completion_script(prog_name=NAME, complete_var=COMPLETING, shell=shell))


def install(shell: Shell) -> Path:
    """Put the script where that shell looks for it; the file. Raises OSError."""
    from typer.completion import install as install_script  # type: ignore[attr-defined]  # likewise

    file: Path = install_script(shell=shell, prog_name=NAME, complete_var=COMPLETING)[1]
    if shell in _OURS:
        file.write_text(_OURS[shell], "utf-8")
    return file
