# SPDX-License-Identifier: MIT
#
# Makes mdoc of what --help prints: usage and paragraphs become text, indented
# lines examples, options a list. With -v only=options nothing but the list, its
# tags written as options; with -v only=settings as lines of the config file.

function escape(text) {
	gsub(/\\/, "\\e", text)
	gsub(/--/, "\\-\\-", text)
	if (text ~ /^[.']/)
		text = "\\&" text
	return text
}

# Each sentence on a line of its own, as roff wants to know where they end.
function say(text) {
	while (match(text, /[a-z)}"][.?!] +[A-Z]/)) {
		print escape(substr(text, 1, RSTART + 1))
		text = substr(text, RSTART + RLENGTH - 1)
	}
	print escape(text)
}

function close_block() {
	if (block == "list")
		print ".El"
	if (block == "literal")
		print ".Ed"
	block = ""
}

function open_block(kind) {
	if (block == kind)
		return
	close_block()
	if (kind == "list")
		print ".Bl -tag -width Ds"
	if (kind == "literal")
		print ".Bd -literal -offset indent"
	block = kind
}

# "-o, --output FILE" as macros
function tag(names,    words, count, i, line, name) {
	count = split(names, words, " ")
	line = ".It"
	for (i = 1; i <= count; i++) {
		name = words[i]
		if (name ~ /^--/)
			line = line " Fl Fl " substr(name, 3)
		else if (name ~ /^-/)
			line = line " Fl " substr(name, 2)
		else
			line = line " Ar " name
		sub(/,$/, " ,", line)
	}
	return line
}

function option(line,    at, names, text) {
	sub(/^  /, "", line)
	at = match(line, /  +/)
	# A name that fills its column is followed by one space.
	if (!at || only && match(line, / +/))
		at = match(line, / +/)
	names = at ? substr(line, 1, at - 1) : line
	text = at ? substr(line, at + RLENGTH) : ""
	if (only == "settings") {
		if (names ~ /^--(config|help|new-token|version)$/)
			return
		open_block("list")
		print ".It Cm " substr(names, 3)
	} else {
		open_block("list")
		print tag(names)
	}
	if (text != "")
		say(text)
}

/^  +-/ && match($0, /[^ ]/) == 3 {
	option($0)
	gap = 0
	next
}
only {
	next
}
/^$/ {
	close_block()
	gap = 1
	next
}
block == "list" && /^      / {
	sub(/^ +/, "")
	say($0)
	next
}
/^  / || /^Usage: / {
	open_block("literal")
	sub(/^(  |Usage: )/, "")
	sub(/^     ?/, "")
	print escape($0)
	gap = 0
	next
}
{
	if (block != "")
		close_block()
	if (gap)
		print ".Pp"
	gap = 0
	say($0)
}
END {
	close_block()
}
