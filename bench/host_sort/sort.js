// Sorts records of the host by a comparator that calls their method.
function run(n) {
  const records = [];
  for (let i = 0; i < n; i++) {
    records.push(record(i));
  }
  records.sort((a, b) => (a.before(b) ? -1 : 1));
  let total = 0;
  for (const it of records) {
    total = (total * 31 + it.id()) % 1000003;
  }
  return total;
}
