//! The one shape that the formatter gives to programs. That it keeps their meaning and their comments, and is at rest
//! on its own output, is tested beside it on every token of the corpus.

use remora_syntax::format;

/// Checks that `text` gets the shape `expected`, and keeps it.
#[track_caller]
fn check(text: &str, expected: &str) {
    let expected = expected.trim_start_matches('\n');
    assert_eq!(format(text).as_deref(), Ok(expected));
    assert_eq!(format(expected).as_deref(), Ok(expected));
}

#[test]
fn blanks_stand_where_one_expects_them() {
    check(
        "x:=1+2*-3 - - y\nf( a,b ,...c , d :1 )[ 0 ] . g ? ( !h )\na:int=2 ; {x , y}:=d\nfor[k,v]in[1..=3,(0 .. n)]{}\nx:R<int,string ?>:=y ?. z??w",
        "
x := 1 + 2 * -3 - -y
f(a, b, ...c, d: 1)[0].g?(!h)
a: int = 2
{ x, y } := d
for [k, v] in [1..=3, (0..n)] {}
x: R<int, string?> := y?.z ?? w
",
    );
}

#[test]
fn statements_stand_one_to_a_line_and_empty_lines_shrink_to_one() {
    check(
        "\n\na();b()\n\n\n\nif x{y()}else{z() w()}\nfunc f(){return 1}   func*g(){yield 1 yield 2}\n\n",
        "
a()
b()

if x { y() } else {
    z()
    w()
}
func f() { return 1 }
func* g() {
    yield 1
    yield 2
}
",
    );
    check("", "");
    check("  \n\n", "");
}

#[test]
fn long_lists_are_broken_one_element_to_a_line() {
    check(
        "call_something_long(argument_number_one, argument_number_two, argument_number_three, argument_number_four)\n",
        "
call_something_long(
    argument_number_one,
    argument_number_two,
    argument_number_three,
    argument_number_four,
)
",
    );
    check(
        "func long_function_name(parameter_number_one: int, parameter_number_two: string = \"default\", ...rest) { }",
        "
func long_function_name(
    parameter_number_one: int,
    parameter_number_two: string = \"default\",
    ...rest
) {}
",
    );
}

#[test]
fn what_its_writer_broke_stays_broken() {
    check(
        "x := [\n1,2]\ny := {\n\"a\":1}\nz := xs.map(f)\n.filter(g)\n|> sort\nw := (\na)",
        "
x := [
    1,
    2,
]
y := {
    \"a\": 1,
}
z := xs.map(f)
    .filter(g)
    |> sort
w := (a)
",
    );
}

#[test]
fn long_expressions_are_broken_after_their_loosest_operators() {
    check(
        "total := aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa * bbbbbbbbbbbbbbbbbbbbbbbbbb + ccccccccccccccccccccc + ddddddddd",
        "
total := aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa * bbbbbbbbbbbbbbbbbbbbbbbbbb +
    ccccccccccccccccccccc +
    ddddddddd
",
    );
}

#[test]
fn a_last_argument_of_several_lines_keeps_its_brackets() {
    check(
        "xs.each(func(x) { a(x) b(x) }).g({\n\"k\": 1 }, [\n1])",
        "
xs.each(func(x) {
    a(x)
    b(x)
}).g(
    {
        \"k\": 1,
    },
    [
        1,
    ],
)
",
    );
}

#[test]
fn declarations_have_their_members_on_lines_or_all_on_one() {
    check(
        "struct P{x:int,y=0}\nstruct Q{x\ny:int=1;func m(self){return 1}}\nenum E{A,B(x),C{w,h}}\nenum F{A\nB(x)}",
        "
struct P { x: int, y = 0 }
struct Q {
    x,
    y: int = 1,
    func m(self) { return 1 }
}
enum E { A, B(x), C { w, h } }
enum F {
    A,
    B(x),
}
",
    );
}

#[test]
fn cases_stand_one_to_a_line_or_all_on_one() {
    check(
        "print(match x{case 1=>a,default=>b})\nmatch x{case Ok(v):{f(v)}\ncase[a,...]if a>1{g() h()};default:{}}",
        "
print(match x { case 1 => a, default => b })
match x {
    case Ok(v): { f(v) }
    case [a, ...] if a > 1 {
        g()
        h()
    }
    default: {}
}
",
    );
}

#[test]
fn comments_stay_where_they_are() {
    check(
        "#! first\n\n# own line\nx := 1 # behind\nif y { # of the block\n// inside\n\n/* before */ z() }\nf(1, # one\n# alone\n2)\nw := (a\n# in parentheses\n)\n/// doc\nfunc g() { } # last",
        "
#! first

# own line
x := 1  # behind
if y {
    # of the block
    // inside

    /* before */
    z()
}
f(
    1,  # one
    # alone
    2,
)
w := (
    a
    # in parentheses
)
/// doc
func g() {}  # last
",
    );
}

#[test]
fn strings_and_numbers_stay_as_they_are_written() {
    let text = "x := \"a  ${ b }\" + 'c' + \"two\n  lines ${f( 1,2 )}\" + 0xFF + 1_0.50\n";
    check(text, text);
}

#[test]
fn what_does_not_parse_is_not_formatted() {
    let errors = format("x := (").expect_err("it does not parse");
    assert_eq!(errors.len(), 1);
}
