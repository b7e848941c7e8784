// Closures: counters that share a variable, composed functions, and functions given to others.
function makeCounter(step) {
  let count = 0;
  return () => {
    count += step;
    return count;
  };
}

function compose(f, g) {
  return (x) => f(g(x));
}

function fold(xs, start, f) {
  let total = start;
  for (const x of xs) {
    total = f(total, x);
  }
  return total;
}

function run(n) {
  const byTwo = makeCounter(2);
  const byThree = makeCounter(3);
  const both = compose((x) => x + 1, (x) => x * 2);
  const xs = [1, 2, 3, 4, 5, 6, 7, 8];
  let total = 0;
  for (let i = 0; i < n; i++) {
    total += both(byTwo()) + byThree();
    const limit = i % 10;
    total += fold(xs, 0, (sum, x) => sum + x * limit);
    total = total % 1000003;
  }
  return total;
}

console.log(run(Number(process.argv[2])));
