//! Rust types in scripts: an inventory whose items a script sorts, prices and changes.

use remora::{Engine, Object, Settings, Vm};

#[derive(Object, Clone, PartialEq)]
#[remora(eq)]
struct Item {
    #[remora(get)]
    name: String,
    #[remora(get, set)]
    price: f64,
    #[remora(get)]
    stock: i64,
}

#[remora::methods]
impl Item {
    pub(crate) fn new(name: String, price: f64, stock: i64) -> Self {
        Self { name, price, stock }
    }

    pub(crate) fn sell(&mut self, n: i64) -> Result<f64, String> {
        if n > self.stock {
            return Err(format!("only {} of {}", self.stock, self.name));
        }
        self.stock -= n;
        Ok(self.price * n as f64)
    }

    #[remora(display)]
    fn shown(&self) -> String {
        format!("{} x {}", self.stock, self.name)
    }
}

const RULES: &str = "
func cheapest_first(items) {
    return items.sort_by((item) => item.price)
}
func serve(item, n) {
    if item.stock < 10 { item.price := item.price * 1.5 }
    try { return item.sell(n) } except e { return e.message }
}
func best() { return Item.new(\"rope\", 9.5, 3) }
";

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::builder().object::<Item>().build();
    let module = engine.compile("rules.ruff", RULES)?;
    let mut vm = Vm::new(&module, Settings::default());
    vm.run()?;

    // Objects that the VM gets, and gives back as copies.
    let items = vec![Item::new("lamp".into(), 30.0, 4), Item::new("nail".into(), 0.5, 900)];
    let sorted: Vec<Item> = vm.call_as("cheapest_first", (items,))?;
    assert_eq!(sorted[0].name, "nail");

    // One that the host holds on to while scripts change it.
    let lamp = vm.object(Item::new("lamp".into(), 30.0, 4))?;
    assert!((vm.call_as::<f64>("serve", (&lamp, 2))? - 90.0).abs() < 1e-9);
    assert_eq!(vm.call_as::<String>("serve", (&lamp, 9))?, "only 2 of lamp");
    assert_eq!(lamp.with(&mut vm, |it| it.stock)?, 2);
    assert_eq!(vm.call_shown("best", ())?.as_deref(), Some("3 x rope"));
    Ok(())
}
