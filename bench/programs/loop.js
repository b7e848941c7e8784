// Int arithmetic and branches in a tight loop.
function run(n) {
  let total = 0;
  let odd = 0;
  let i = 0;
  while (i < n) {
    const square = i * i % 1000;
    if (square % 2 === 1) {
      odd += 1;
    }
    total += square;
    i += 1;
  }
  return total * 10 + odd % 10;
}

console.log(run(Number(process.argv[2])));
