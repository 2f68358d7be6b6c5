# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Completion of vmariumd, vmarium and vmarium-bench in bash. What there is to
# complete, the programs say themselves: it is read from their --help.

# Prints the names in the indented lines of a program's --help that begin with a
# hyphen: its options.
_vmarium_options() {
	"$@" --help 2>/dev/null </dev/null | awk '/^  -/ {
		for (i = 1; $i ~ /^-/; i++) {
			sub(/,$/, "", $i)
			print $i
		}
	}'
}

# Prints the first words of the lines under a heading such as "Commands:".
_vmarium_section() {
	local heading=$1
	shift
	"$@" --help 2>/dev/null </dev/null | awk -v heading="$heading:" '
		$0 == heading { inside = 1; next }
		/^$/ { inside = 0 }
		inside && /^  [a-z]/ { print $1 }'
}

# Completes the value of an option; fails if it has none that is known.
_vmarium_value() {
	case $1 in
	--config | --output | -o | --trace)
		mapfile -t COMPREPLY < <(compgen -f -- "$2")
		;;
	--log-level) mapfile -t COMPREPLY < <(compgen -W "error warn info debug" -- "$2") ;;
	--log-format) mapfile -t COMPREPLY < <(compgen -W "text json" -- "$2") ;;
	*) return 1 ;;
	esac
}

_vmarium_complete() {
	local program=$1 word=$2 before=$3 words
	local name=${program##*/}
	local -a call=("$program")

	COMPREPLY=()
	_vmarium_value "$before" "$word" && return
	if [[ $name == vmarium ]] && ((COMP_CWORD > 1)); then
		call+=("${COMP_WORDS[1]}")
	fi
	if [[ $word == -* ]]; then
		words=$(_vmarium_options "${call[@]}")
	elif [[ $name == vmarium ]] && ((COMP_CWORD == 1)); then
		words=$(_vmarium_section Commands "$program")
	elif [[ $name == vmarium-bench ]]; then
		words=$(_vmarium_section Scenarios "$program")
	elif [[ ${call[1]-} == record ]]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$word")
		return
	elif [[ ${call[1]-} =~ ^(replay|import|run)$ ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
	else
		return 0
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _vmarium_complete vmariumd vmarium vmarium-bench
