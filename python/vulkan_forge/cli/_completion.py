"""``vf completion``: what a shell needs to complete commands and options."""

from __future__ import annotations

import argparse
from typing import Any

_EPILOG = """examples:
  vf completion bash > vf.bash
  vf completion zsh > vf.zsh
  vf completion fish > vf.fish

then, for one session:  source vf.bash
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "completion",
        help="a completion script for bash, zsh or fish",
        description="Print a script that completes commands, options and choices of vf and vulkan-forge.",
        epilog=_EPILOG,
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"))
    parser.set_defaults(run=lambda options, prog: print(script(options.shell, commands.choices)))


def script(shell: str, commands: dict[str, argparse.ArgumentParser]) -> str:
    """The script, written from the parsers."""
    words = {name: _options_of(parser) for name, parser in commands.items()}
    return _fish(commands, words) if shell == "fish" else _bash(words, shell)


def _options_of(parser: argparse.ArgumentParser) -> dict[str, list[str]]:
    """Options with those of their choices that are one word, as shells complete words."""
    return {
        option: [str(choice) for choice in action.choices or () if " " not in str(choice)]
        for action in parser._actions
        for option in action.option_strings
    }


def _bash(words: dict[str, dict[str, list[str]]], shell: str) -> str:
    lines = ["autoload -U +X bashcompinit && bashcompinit"] if shell == "zsh" else []
    lines += [
        "_vulkan_forge() {",
        '  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=""',
    ]
    lines += ["  if [ $COMP_CWORD -eq 1 ]; then"]
    lines += [
        f'    words="{" ".join(words)} --help --version"',
        "  else",
        '    case "${COMP_WORDS[1]} $before" in',
    ]
    for name, options in words.items():
        for option, choices in options.items():
            if choices:
                lines.append(f'      "{name} {option}") words="{" ".join(choices)}" ;;')
    lines += ["      *)", '        case "${COMP_WORDS[1]}" in']
    for name, options in words.items():
        positional = " bash zsh fish" if name == "completion" else ""
        lines.append(f'          {name}) words="{" ".join(options)}{positional}" ;;')
    lines += [
        "        esac ;;",
        "    esac",
        "  fi",
        '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    ]
    lines += ['  [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$word"))', "}"]
    lines.append("complete -o filenames -F _vulkan_forge vf vulkan-forge")
    return "\n".join(lines)


def _fish(
    commands: dict[str, argparse.ArgumentParser], words: dict[str, dict[str, list[str]]]
) -> str:
    lines = []
    for program in ("vf", "vulkan-forge"):
        lines.append(f"complete -c {program} -n __fish_use_subcommand -a '{' '.join(commands)}'")
        for name, options in words.items():
            for option, choices in options.items():
                kind = "-l" if option.startswith("--") else "-o" if len(option) > 2 else "-s"
                chosen = f" -x -a '{' '.join(choices)}'" if choices else ""
                lines.append(
                    f"complete -c {program} -n '__fish_seen_subcommand_from {name}' "
                    f"{kind} {option.lstrip('-')}{chosen}"
                )
    return "\n".join(lines)
