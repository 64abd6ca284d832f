"""Scripts for shells, made once from the parser: completing a word starts no program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventstudy.cli.tree import Command, Parameter

BASH = """# bash completion for eventstudy
_eventstudy() {{
    local cur="${{COMP_WORDS[COMP_CWORD]}}" prev="" command="" next word i
    COMPREPLY=()
    if ((COMP_CWORD > 0)); then prev="${{COMP_WORDS[COMP_CWORD - 1]}}"; fi
    if [[ "$cur" == "=" ]]; then
        cur=""
    elif [[ "$prev" == "=" ]] && ((COMP_CWORD > 1)); then
        prev="${{COMP_WORDS[COMP_CWORD - 2]}}"
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${{COMP_WORDS[i]}}"
        next="${{command:+$command }}$word"
        case "$next" in
            {known}) command="$next" ;;
        esac
    done
    case "$command $prev" in
{values}
    esac
    local options="" words=""
    case "$command" in
{commands}
    esac
    if [[ "$cur" == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$cur"))
    elif [[ -n "$words" ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
    fi
}}
complete -o bashdefault -o default -F _eventstudy eventstudy
"""

ZSH = """#compdef eventstudy
autoload -U +X bashcompinit && bashcompinit
"""


def bash(commands: Sequence[Command]) -> str:
    """Return the script for bash; where there is nothing to list, it completes names of files."""
    known = "|".join(f'"{each.name}"' for each in commands if each.name)
    return BASH.format(
        known=known,
        values="\n".join(_values(commands)),
        commands="\n".join(map(_bash_command, commands)),
    )


def _values(commands: Sequence[Command]) -> Iterator[str]:
    """Yield a case for every option with a value."""
    for command in commands:
        for option in command.options:
            if not option.value:
                continue
            cases = "|".join(f'"{command.name} {name}"' for name in option.names)
            words = " ".join(option.words)
            done = f'COMPREPLY=($(compgen -W "{words}" -- "$cur")); return' if words else "return"
            yield f"        {cases}) {done} ;;"


def _bash_command(command: Command) -> str:
    """Return the case of a command: its options, and what else may follow."""
    options = " ".join(name for option in command.options for name in option.names)
    words = " ".join((*command.commands, *_first_words(command)))
    return f'        "{command.name}") options="{options}"; words="{words}" ;;'


def _first_words(command: Command) -> tuple[str, ...]:
    """Return the words that the first argument of a command may be."""
    return command.arguments[0].words if command.arguments else ()


def zsh(commands: Sequence[Command]) -> str:
    """Return the script for zsh, which runs that for bash."""
    return ZSH + bash(commands)


def fish(commands: Sequence[Command]) -> str:
    """Return the script for fish."""
    return "".join(f"{line}\n" for line in ("# fish completion for eventstudy", *_fish(commands)))


def _fish(commands: Sequence[Command]) -> Iterator[str]:
    """Yield a line for every command, option and word."""
    by_name = {command.name: command for command in commands}
    for command in commands:
        here = _seen(command)
        for own in command.commands:
            text = by_name[f"{command.name} {own}".strip()].text
            yield f"complete -c eventstudy -n {_quoted(here)} -f -a {own} -d {_quoted(_brief(text))}"
        if words := _first_words(command):
            yield f"complete -c eventstudy -n {_quoted(here)} -f -a {_quoted(' '.join(words))}"
        for option in command.options:
            yield f"complete -c eventstudy -n {_quoted(here)} {_fish_option(option)}"


def _seen(command: Command) -> str:
    """Return the condition that a command is the one being typed."""
    if not command.name:
        return "__fish_use_subcommand"
    group, _, last = command.name.rpartition(" ")
    if group:
        return f"__fish_seen_subcommand_from {group}; and __fish_seen_subcommand_from {last}"
    if command.commands:
        own = " ".join(command.commands)
        return f"__fish_seen_subcommand_from {last}; and not __fish_seen_subcommand_from {own}"
    return f"__fish_seen_subcommand_from {last}; and not __fish_seen_subcommand_from data"


def _fish_option(option: Parameter) -> str:
    """Return what fish is told of an option."""
    names = " ".join(f"-l {name.removeprefix('--')}" for name in option.names)
    value = "" if not option.value else f" -x -a {_quoted(' '.join(option.words))}"
    value = " -r" if option.value and (option.is_path or not option.words) else value
    return f"{names}{value} -d {_quoted(_brief(option.text))}"


def _brief(text: str) -> str:
    """Return the first sentence of a text."""
    return text.partition(". ")[0].removesuffix(".")


def _quoted(text: str) -> str:
    """Return text between quotes of fish."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
