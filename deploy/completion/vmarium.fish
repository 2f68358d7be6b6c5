# SPDX-License-Identifier: MIT
#
# Completion in fish. What there is to complete, the programs say themselves: it
# is read from their --help.

# Options and what they are, a tab between.
function __vmarium_options
    set -l words (commandline -opc)
    set -l call $words[1]
    if string match -qr '(^|/)vmarium$' -- $call
        set call $words[1..2]
    end
    command $call --help 2>/dev/null </dev/null | awk '/^  -/ {
        names = ""
        for (i = 1; $i ~ /^-/; i++) {
            sub(/,$/, "", $i)
            names = names " " $i
            $i = ""
        }
        count = split(names, each, " ")
        sub(/^ +/, "")
        for (i = 1; i <= count; i++)
            print each[i] "\t" $0
    }'
end

# The names under a heading such as "Commands:".
function __vmarium_section
    set -l call (commandline -opc)[1]
    command $call --help 2>/dev/null </dev/null | awk -v heading="$argv[1]:" '
        $0 == heading { inside = 1; next }
        /^$/ { inside = 0 }
        inside && /^  [a-z]/ { name = $1; $1 = ""; print name "\t" substr($0, 2) }'
end

function __vmarium_is_first
    test (count (commandline -opc)) -eq 1
end

function __vmarium_takes_file
    set -l words (commandline -opc)
    contains -- $words[-1] --config --output -o --trace
    or begin
        test (count $words) -gt 1
        and contains -- $words[2] record replay import run
    end
end

for program in vmariumd vmarium vmarium-bench
    complete -c $program -f
    complete -c $program -n 'string match -q -- "-*" (commandline -ct)' -a '(__vmarium_options)'
    complete -c $program -n __vmarium_takes_file -F
end
complete -c vmarium -n __vmarium_is_first -a '(__vmarium_section Commands)'
complete -c vmarium-bench -a '(__vmarium_section Scenarios)'
