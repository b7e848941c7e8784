; Colours for editors.

(line_comment) @comment
(block_comment) @comment
(string) @string
(escape) @string.escape
(interpolation ["${" "}"] @punctuation.special)
(number) @number
[(true) (false) (null)] @constant.builtin
(self) @variable.builtin

["let" "const" "mut" "func" "struct" "enum"] @keyword
["if" "else" "match" "while" "loop" "for" "break" "continue" "return" "try" "import" "export" "await" "yield"] @keyword

(function name: (identifier) @function)
(call function: (identifier) @function.call)
(call function: (member name: (identifier) @function.method))
(member name: (identifier) @property)
(field_declaration name: (identifier) @property)
(struct name: (identifier) @type)
(enum name: (identifier) @type)
(variant name: (identifier) @constructor)
(named_type (identifier) @type)
(identifier) @variable
