"""`citeman completion`: the script by which a shell completes citeman's commands, options, citation keys, sections and roles."""

from __future__ import annotations

import argparse

from citeman.cli.complete import SHELLS
from citeman.cli.console import Console

DESCRIPTION = "Print the script by which a shell completes commands, options, citation keys, sections and roles."
EXAMPLES = """to install it:
  citeman completion bash > ~/.local/share/bash-completion/completions/citeman
  citeman completion zsh  > ~/.zfunc/_citeman        (a folder of $fpath)
  citeman completion fish > ~/.config/fish/completions/citeman.fish"""

_BASH = r"""# citeman's completion for bash
_citeman() {
    local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}" word kept
    COMPREPLY=($(citeman __complete bash "$line" 2>/dev/null))
    # bash has cut the word at each `:`, `=` and `@`: it wants back only what follows the last one
    word="${line##*[[:space:]]}"
    kept="${word%"${word##*[:=@]}"}"
    [[ -z $kept || $COMP_WORDBREAKS != *:* ]] || COMPREPLY=("${COMPREPLY[@]#"$kept"}")
    # a word that ends in `:` goes on
    [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *: ]] || compopt -o nospace
}
complete -o default -F _citeman citeman
"""
_ZSH = r"""#compdef citeman
_citeman() {
    local -a lines values remarks end
    lines=("${(@f)$(citeman __complete zsh "${BUFFER[1,CURSOR]}" 2>/dev/null)}")
    values=("${(@)lines%%$'\t'*}")
    remarks=("${(@)lines//$'\t'/  }")
    # a word that ends in `:` goes on
    [[ ${#values} -ne 1 || ${values[1]} != *: ]] || end=(-S '')
    if [[ -n ${lines[1]} ]]; then
        compadd $end -l -d remarks -a values
    else
        _files
    fi
}
if [[ $funcstack[1] == _citeman ]]; then _citeman "$@"; else compdef _citeman citeman; fi
"""
_FISH = r"""# citeman's completion for fish
function __citeman_complete
    set -l answers (citeman __complete fish (commandline -cp) 2>/dev/null)
    if test (count $answers) -gt 0
        printf '%s\n' $answers
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c citeman -f -a '(__citeman_complete)'
"""
SCRIPTS = {"bash": _BASH, "fish": _FISH, "zsh": _ZSH}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help="bash, fish or zsh")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print the script."""
    console.print(SCRIPTS[arguments.shell].rstrip())
    return 0
