// Ruff for editors. `crates/testkit/tests/it` holds it to the parser with every program of the repository.
//
// Newlines end statements only where they can: the scanner in src/scanner.c gives `_newline` where the grammar has a
// place for one and the next line does not go on with `.`, `?.`, `|>` or `else`. After changing this file, generate
// src/parser.c again: `tree-sitter generate --abi 14`.

const PREC = {
  statement: -10, range: 1, pipe: 2, coalesce: 3, or: 4, and: 5, equality: 6, order: 7, sum: 8, product: 9,
  unary: 10, postfix: 12, arrow: 0,
};

const KEYWORDS = [
  'let', 'const', 'mut', 'func', 'struct', 'enum', 'if', 'else', 'match', 'while', 'loop', 'for', 'break',
  'continue', 'return', 'try', 'import', 'export', 'await', 'yield', 'self', 'true', 'false', 'null',
];

// Words only where they have a meaning; elsewhere they are names.
const CONTEXTUAL = [
  'case', 'default', 'in', 'from', 'as', 'except', 'finally', 'async', 'spawn', 'test', 'test_group', 'test_setup',
  'test_teardown',
];

const commaSep = (rule) => optional(seq(rule, repeat(seq(',', rule)), optional(',')));
const assign = choice(':=', '=');

module.exports = grammar({
  name: 'ruff',
  word: ($) => $.identifier,
  reserved: { global: () => KEYWORDS },
  externals: ($) => [$._newline, $.block_comment],
  extras: ($) => [/\s/, $.line_comment, $.block_comment],

  conflicts: ($) => [
    [$.test, $._name],
    [$.spawn, $._name],
    [$.block, $.dict],
    [$._word, $.self],
    [$.yield, $._word],
    [$._word, $.null],
    [$._word, $.true],
    [$._word, $.false],
    [$._operation, $._literal],
    [$._place_name, $._expression, $._word],
    [$._expression, $.struct_literal],
    [$._func, $._name],
    [$.parameter, $.self],
    [$._operation, $._pattern],
    [$._expression, $.payload_pattern],
    [$._expression, $._pattern],
    [$._expression, $.rest_pattern],
    [$.dict, $.dict_pattern],
    [$._expression, $._word],
    [$.array, $.array_pattern],
    [$.struct_literal, $.path],
    [$.struct_literal, $.struct_pattern],
    [$.field_init, $.struct_pattern],
    [$.path, $.payload_pattern],
    [$._func, $._word],
    [$._pattern, $.struct_pattern],
    [$._expression, $.arrow_function],
    [$.path, $.struct_pattern],
    [$._place_name, $._expression],
  ],

  rules: {
    source_file: ($) => optional($._items),
    // A lone name ends at the end of a line, or it is a slip of the pen.
    _items: ($) => choice(
      repeat1($._item),
      seq(repeat($._item), alias($.lone_name, $.expression_statement)),
    ),
    _item: ($) => choice(
      ';',
      prec.right(seq($._statement, optional($._newline))),
      seq(alias($.lone_name, $.expression_statement), choice(';', $._newline)),
    ),
    lone_name: ($) => prec(PREC.statement, $._name),

    _statement: ($) => choice(
      $.binding, $.assignment, $.pattern_assignment, $.typed_assignment, $.function, $.struct, $.enum, $.while, $.loop,
      $.for, $.jump, $.return, $.try, $.import, $.export, $.test, $.block, $.expression_statement,
    ),
    block: ($) => prec.dynamic(1, seq('{', optional($._items), '}')),
    expression_statement: ($) => prec(PREC.statement, $._operation),

    binding: ($) => prec(PREC.statement, seq(choice('let', 'const', 'mut'), $._pattern, optional($._annotation), assign, $._expression)),
    assignment: ($) => prec(PREC.statement, seq(choice($._name, $.member, $.index), choice(':=', '=', '+=', '-=', '*=', '/=', '%='), $._expression)),
    pattern_assignment: ($) => prec.dynamic(2, prec(PREC.statement, seq(choice($.array_pattern, $.dict_pattern), assign, $._expression))),
    typed_assignment: ($) => prec(PREC.statement, seq($._place_name, ':', $._type, assign, $._expression)),
    _place_name: ($) => $._name,

    _label: ($) => seq($._place_name, ':'),
    while: ($) => seq(optional($._label), 'while', $._expression, $.block),
    loop: ($) => seq(optional($._label), 'loop', optional(seq('while', $._expression)), $.block),
    for: ($) => seq(optional($._label), 'for', $._pattern, 'in', $._expression, $.block),
    jump: ($) => prec.right(PREC.statement, seq(choice('break', 'continue'), optional($._name))),
    return: ($) => prec.right(PREC.statement, seq('return', optional($._expression))),
    try: ($) => prec.right(seq('try', $.block, choice(seq($.except_clause, optional($.finally_clause)), $.finally_clause))),
    except_clause: ($) => seq('except', optional(choice($._name, seq('(', $._name, ')'))), $.block),
    finally_clause: ($) => seq('finally', $.block),

    _func: ($) => choice(seq('func', optional('*')), seq('async', 'func', optional('*'))),
    function: ($) => seq($._func, field('name', $._name), $.parameters, optional(seq('->', $._type)), $.block),
    function_expression: ($) => seq($._func, $.parameters, optional(seq('->', $._type)), $.block),
    parameters: ($) => seq('(', commaSep($.parameter), ')'),
    parameter: ($) => choice(
      seq(optional('mut'), 'self'),
      seq(optional('...'), $._pattern, optional($._annotation), optional(seq(assign, $._expression))),
    ),
    _annotation: ($) => seq(':', $._type),

    struct: ($) => seq('struct', field('name', $._name), '{', repeat(choice(',', ';', seq($._member, optional($._newline)))), '}'),
    _member: ($) => choice($.function, $.field_declaration),
    field_declaration: ($) => prec.right(PREC.statement, seq(field('name', $._word), optional($._annotation), optional(seq(assign, $._expression)))),
    enum: ($) => seq('enum', field('name', $._name), '{', repeat(choice(',', ';', seq($.variant, optional($._newline)))), '}'),
    variant: ($) => prec.right(PREC.statement, seq(field('name', $._word), optional(choice(
      seq('(', commaSep(seq($._word, optional($._annotation))), ')'),
      seq('{', commaSep(seq($._word, optional($._annotation))), '}'),
    )))),

    import: ($) => prec.right(PREC.statement, choice(
      seq('import', $.module_name, optional(seq('as', $._name))),
      seq('from', $.module_name, 'import', $._name, optional(seq('as', $._name)), repeat(seq(',', $._name, optional(seq('as', $._name))))),
    )),
    module_name: ($) => prec.right(seq($._name, repeat(seq('.', $._word)))),
    export: ($) => seq('export', $._statement),
    test: ($) => seq(choice(seq(choice('test', 'test_group'), $.string), 'test_setup', 'test_teardown'), $.block),

    _expression: ($) => choice($._name, $._operation),
    _operation: ($) => choice(
      $.self, $.number, $.string, $.true, $.false, $.null, $.array, $.dict, $.parenthesised, $.struct_literal,
      $.path, $.call, $.index, $.member, $.try_operator, $.unary, $.await, $.binary, $.pipe, $.range, $.arrow_function,
      $.function_expression, $.if, $.match, $.spawn, $.yield,
    ),
    parenthesised: ($) => seq('(', $._expression, ')'),
    array: ($) => seq('[', commaSep(choice($._expression, $.spread)), ']'),
    dict: ($) => seq('{', commaSep(choice(seq($._expression, ':', $._expression), $.spread)), '}'),
    spread: ($) => seq('...', $._expression),
    struct_literal: ($) => prec.dynamic(-1, seq($._name, optional(seq('::', $._word)), '{', commaSep($.field_init), '}')),
    field_init: ($) => seq($._word, optional(seq(':', $._expression))),
    path: ($) => seq($._name, '::', $._word),

    call: ($) => prec(PREC.postfix, seq(field('function', $._expression), $.arguments)),
    arguments: ($) => seq('(', commaSep(choice($._expression, $.spread, $.named_argument)), ')'),
    named_argument: ($) => seq($._word, ':', $._expression),
    index: ($) => prec(PREC.postfix, seq($._expression, '[', $._expression, ']')),
    member: ($) => prec(PREC.postfix, seq($._expression, choice('.', '?.'), field('name', $._word))),
    try_operator: ($) => prec(PREC.postfix, seq($._expression, '?')),
    unary: ($) => prec(PREC.unary, seq(choice('-', '!'), $._expression)),
    await: ($) => prec(PREC.unary, seq('await', $._expression)),
    binary: ($) => choice(...[
      ['??', PREC.coalesce], ['||', PREC.or], ['&&', PREC.and], ['==', PREC.equality], ['!=', PREC.equality],
      ['<', PREC.order], ['<=', PREC.order], ['>', PREC.order], ['>=', PREC.order], ['+', PREC.sum], ['-', PREC.sum],
      ['*', PREC.product], ['/', PREC.product], ['%', PREC.product],
    ].map(([operator, level]) => prec.left(level, seq($._expression, operator, $._expression)))),
    pipe: ($) => prec.left(PREC.pipe, seq($._expression, '|>', $._expression)),
    range: ($) => prec.left(PREC.range, seq($._expression, choice('..', '..='), $._expression)),
    arrow_function: ($) => prec.right(PREC.arrow, seq(choice($._name, $.parameters), '=>', $._expression)),
    spawn: ($) => seq('spawn', $.block),
    yield: ($) => prec.right(PREC.arrow, seq('yield', optional($._expression))),

    if: ($) => prec.right(seq('if', $._expression, $.block, optional(seq('else', choice($.block, $.if))))),
    match: ($) => seq('match', $._expression, '{', repeat(choice(',', ';', seq(choice($.match_case, $.match_default), optional($._newline)))), '}'),
    match_case: ($) => prec.right(PREC.statement, seq('case', $._pattern, repeat(seq('|', $._pattern)), optional(seq('if', $._expression)), $._case_body)),
    match_default: ($) => prec.right(PREC.statement, seq('default', $._case_body)),
    _case_body: ($) => choice(seq(optional(':'), $.block), seq('=>', choice($.block, $._expression))),

    _pattern: ($) => choice(
      $._name, $._literal, $.range_pattern, $.path, $.payload_pattern, $.struct_pattern, $.array_pattern, $.dict_pattern,
    ),
    _literal: ($) => choice($.number, seq('-', $.number), $.string, $.true, $.false, $.null),
    range_pattern: ($) => seq($._literal, choice('..', '..='), $._literal),
    payload_pattern: ($) => seq($._name, optional(seq('::', $._word)), '(', commaSep($._pattern), ')'),
    struct_pattern: ($) => prec.dynamic(-1, seq($._name, optional(seq('::', $._word)), '{', commaSep(seq($._word, optional(seq(':', $._pattern)))), '}')),
    array_pattern: ($) => seq('[', commaSep(choice($._pattern, $.rest_pattern)), ']'),
    rest_pattern: ($) => seq('...', optional($._name)),
    dict_pattern: ($) => seq('{', commaSep(choice($.dict_entry_pattern, $.rest_pattern)), '}'),
    dict_entry_pattern: ($) => choice($._name, seq(choice($._word, $._literal), ':', $._pattern)),

    _type: ($) => choice($.named_type, $.optional_type, $.array_type, $.function_type, $.union_type, seq('(', $._type, ')'), seq('[', $._type, ']')),
    named_type: ($) => prec.right(seq(choice($._name, 'null'), optional(seq('<', commaSep($._type), '>')))),
    optional_type: ($) => prec(3, seq($._type, '?')),
    array_type: ($) => prec(3, seq($._type, '[', ']')),
    union_type: ($) => prec.left(1, seq($._type, '|', $._type)),
    function_type: ($) => prec.right(seq('func', '(', commaSep($._type), ')', optional(seq('->', $._type)))),

    _name: ($) => choice($.identifier, ...CONTEXTUAL.map((it) => alias(it, $.identifier))),
    _word: ($) => choice($._name, ...KEYWORDS.map((it) => alias(it, $.identifier))),
    identifier: () => /[\p{XID_Start}_]\p{XID_Continue}*/u,
    self: () => 'self',
    true: () => 'true',
    false: () => 'false',
    null: () => 'null',
    number: () => token(choice(
      /0x[0-9A-Fa-f]+(_[0-9A-Fa-f]+)*/, /0o[0-7]+(_[0-7]+)*/, /0b[01]+(_[01]+)*/,
      /[0-9]+(_[0-9]+)*(\.[0-9]+(_[0-9]+)*)?([eE][+-]?[0-9]+(_[0-9]+)*)?/,
    )),
    string: ($) => choice(
      seq('"', repeat(choice(alias(token.immediate(prec(1, /[^"\\$]+/)), $.text), $.escape, $.interpolation, token.immediate('$'))), token.immediate('"')),
      seq("'", repeat(choice(alias(token.immediate(prec(1, /[^'\\$]+/)), $.text), $.escape, $.interpolation, token.immediate('$'))), token.immediate("'")),
    ),
    escape: () => token.immediate(/\\([ntr\\"'0$]|u\{[0-9A-Fa-f]{1,6}\})/),
    interpolation: ($) => seq(token.immediate('${'), $._expression, '}'),
    line_comment: () => token(choice(/#[^\n]*/, /\/\/[^\n]*/)),
  },
});
