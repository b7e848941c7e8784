// Float arithmetic in local variables: the points of a grid that stay bounded.
function run(n) {
  let inside = 0;
  let work = 0;
  for (let row = 0; row < n; row++) {
    const ci = 2.0 * row / n - 1.0;
    for (let column = 0; column < n; column++) {
      const cr = 2.0 * column / n - 1.5;
      let zr = 0.0;
      let zi = 0.0;
      let turns = 0;
      while (turns < 50 && zr * zr + zi * zi <= 4.0) {
        const next = zr * zr - zi * zi + cr;
        zi = 2.0 * zr * zi + ci;
        zr = next;
        turns += 1;
      }
      if (turns === 50) {
        inside += 1;
      }
      work += turns;
    }
  }
  return inside * 1000000 + work % 1000000;
}

console.log(run(Number(process.argv[2])));
