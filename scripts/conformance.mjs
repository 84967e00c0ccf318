// Runs the conformance cases against the real server on real sockets and prints one line for each.
import { startVitest } from 'vitest/node';

const CASES = Array.from({ length: 174 }, (_, index) => `C${String(index + 1).padStart(3, '0')}`);

/** By case: the names of its tests, and what failed. */
const results = new Map(CASES.map((id) => [id, { names: [], failures: [] }]));

function record(test) {
  const { state, errors } = test.result();
  for (const id of new Set(test.fullName.match(/\bC\d{3}\b/g))) {
    const result = results.get(id);
    if (result === undefined) continue;
    result.names.push(test.fullName);
    if (state !== 'passed') result.failures.push(`${test.fullName}: ${errors?.[0]?.message ?? state}`);
  }
}

const reporter = {
  onTestRunEnd: (modules) => {
    for (const module of modules) for (const test of module.children.allTests()) record(test);
  },
};

const vitest = await startVitest('test', ['tests/conformance/', 'tests/laws/', 'tests/matrix/'], {
  watch: false,
  reporters: [reporter],
});
await vitest.close();

/** What a case is about, from the name of its first test: the id and the names of the groups around it left out. */
const titleOf = (names) =>
  names[0]
    .split(' > ')
    .at(-1)
    .replace(/\b(?:C\d{3}[,:]?\s*)+/g, '')
    .trim();

let failed = 0;
for (const [id, { names, failures }] of results) {
  const passed = names.length > 0 && failures.length === 0;
  if (!passed) failed++;
  const tests = names.length > 1 ? ` (${names.length} tests)` : '';
  console.log(
    `${id} ${passed ? 'passed' : 'FAILED'} ${names.length === 0 ? 'no test' : titleOf(names)}${tests}`,
  );
  for (const failure of failures) console.log(`     ${failure.split('\n')[0]}`);
}
const broken = vitest.state.getUnhandledErrors().length + vitest.state.getCountOfFailedTests() > 0;
console.log(`${CASES.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || broken ? 1 : 0;
