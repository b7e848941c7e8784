use super::support::*;
use remora_bytecode::*;
use remora_compiler::*;
const NAMES: &str = "abs all any append args array assert assert_contains assert_equal assert_false assert_true await_all basename bit_and bit_not bit_or bit_shl bit_shr bit_xor bytes capitalize ceil channel char_at chunk clear concat contains copy_file cos count_chars create_dir current_timestamp debug decode_base64 delete_file dict dirname elapsed encode_base64 ends_with enumerate env env_bool env_float env_int env_list env_or env_required eprint error exp file_exists file_size filter find flatten floor format format_date format_duration get get_default has_key index_of input insert invert is_array is_bool is_dict is_empty is_float is_function is_int is_null is_string is_truthy items join join_path keys len lines list_dir log lower map max md5 merge min now now_unix pad_end pad_left pad_right pad_start parallel_map par_map parse_csv parse_date parse_float parse_int parse_json parse_toml parse_yaml performance_now pop pow print println promise_all push Queue queue_push random random_choice random_int range read_file read_lines reduce regex_match remove remove_at repeat replace replace_str reverse round Set set_has set_random_seed sha256 sin skip sleep slice slugify sort split sqrt Stack stack_push starts_with str str_reverse substr substring sum take tan time to_bool to_camel_case to_csv to_float to_int to_json to_json_pretty to_kebab_case to_lower to_snake_case to_string to_toml to_upper to_yaml trim trim_end trim_start truncate type type_of unique update upper uuid_v4 values windows words write_file zip exit next throw is_ok is_err is_some is_none unwrap unwrap_or unwrap_err and_then ok_or map_err";
#[test]
fn scratch() {
    let Ok(text) = std::env::var("RUFF") else { return };
    let path = text.clone();
    let b = BuiltinNames::new(
        NAMES.split(' ').map(|n| {
            (
                n,
                if matches!(n, "map" | "filter" | "reduce") {
                    ImportKind::Script
                } else {
                    ImportKind::Host
                },
            )
        }),
        [],
    );
    let files: Vec<_> = if std::path::Path::new(&path).is_dir() {
        let mut v: Vec<_> = std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
        v.sort();
        v
    } else {
        vec![path.into()]
    };
    let show = files.len() == 1;
    for p in files {
        let text = std::fs::read_to_string(&p).unwrap();
        for (globals_as_locals, optimise) in
            [(true, true), (false, true), (true, false), (false, false)]
        {
            let parsed = remora_syntax::parse(&text, &Default::default());
            if !parsed.diagnostics.is_empty() {
                println!("PARSE {}: {}", p.display(), parsed.diagnostics[0].message);
                break;
            }
            let compiled = compile(
                &parsed.program,
                &Options { globals_as_locals, optimise, ..Options::default() },
                &b,
            );
            if globals_as_locals && optimise {
                for it in &compiled.diagnostics {
                    println!(
                        "{}: {} {:?} {} {:?}",
                        p.display(),
                        it.code,
                        it.span().map(|s| &text[s.range()]),
                        it.message,
                        it.help
                    );
                }
            }
            if let Some(m) = compiled.module {
                if show && globals_as_locals && optimise {
                    println!("{}", listing(&m));
                }
                verified(m, &text);
            }
        }
    }
}
#[path = "../../../testkit/src/generate/mod.rs"]
mod generate;
#[test]
fn random() {
    let b = BuiltinNames::new(
        NAMES.split(' ').map(|n| {
            (
                n,
                if matches!(n, "map" | "filter" | "reduce") {
                    ImportKind::Script
                } else {
                    ImportKind::Host
                },
            )
        }),
        [],
    );
    let mut made = 0;
    let mut why = std::collections::BTreeMap::new();
    for seed in 0..3000u64 {
        let text = generate::program(seed, 30);
        let parsed = remora_syntax::parse(&text, &Default::default());
        if !parsed.diagnostics.is_empty() {
            *why.entry(format!("P {}", parsed.diagnostics[0].message)).or_insert(0) += 1;
            continue;
        }
        for (globals_as_locals, optimise) in [(true, true), (false, true), (true, false)] {
            let c = compile(
                &parsed.program,
                &Options { globals_as_locals, optimise, ..Options::default() },
                &b,
            );
            match c.module {
                Some(m) => {
                    made += 1;
                    verified(m, &text);
                }
                None => {
                    *why.entry(format!("{:?}", c.diagnostics[0].message)).or_insert(0) += 1;
                }
            }
        }
    }
    println!("{made} {why:?}");
}
#[test]
fn speed() {
    let b = BuiltinNames::new(NAMES.split(' ').map(|n| (n, if matches!(n, "map"|"filter"|"reduce") { ImportKind::Script } else { ImportKind::Host })), []);
    let mut text = String::new();
    let mut lines = 0; let mut k = 0;
    while lines < 1000 {
        for p in ["lexer","objects","sort","closures","nbody","dict","spectral_norm","binary_trees"] {
            let t = std::fs::read_to_string(format!("{}/../../bench/programs/{p}.ruff", env!("CARGO_MANIFEST_DIR"))).unwrap();
            for l in t.lines() { if l.starts_with("print(") || l.starts_with('#') { continue; } 
              let mut l = l.to_string();
              if let Some(rest) = l.strip_prefix("func ") { let (n, r) = rest.split_once('(').unwrap(); l = format!("func {n}_{k}({r}"); }
              text.push_str(&l); text.push('\n'); lines += 1; }
            k += 1;
        }
        if k > 100 { break; }
    }
    // names: make each program's functions callable by nesting
    let mut nested = String::new();
    let mut kk = 0; let mut lines = 0;
    'o: loop {
        for p in ["lexer","objects","sort","closures","nbody","dict","spectral_norm","binary_trees"] {
            let t = std::fs::read_to_string(format!("{}/../../bench/programs/{p}.ruff", env!("CARGO_MANIFEST_DIR"))).unwrap();
            nested.push_str(&format!("func prog{kk}() {{\n")); kk += 1;
            for l in t.lines() { nested.push_str(l); nested.push('\n'); lines += 1; }
            nested.push_str("}\n");
            if lines >= 1000 { break 'o; }
        }
    }
    let parsed = remora_syntax::parse(&nested, &Default::default());
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    for _ in 0..3 {
        let t = std::time::Instant::now();
        let n = std::env::var("N").map_or(200, |s| s.parse().unwrap());
        for _ in 0..n { let c = compile(&parsed.program, &Options { globals_as_locals: true, ..Options::default() }, &b); assert!(c.module.is_some(), "{:?}", c.diagnostics); std::hint::black_box(c); }
        println!("{lines} lines {} bytes: compile {:?}", nested.len(), t.elapsed() / n);
        let t = std::time::Instant::now();
        for _ in 0..n { std::hint::black_box(remora_syntax::parse(&nested, &Default::default())); }
        println!("parse {:?}", t.elapsed() / n);
    }
}
