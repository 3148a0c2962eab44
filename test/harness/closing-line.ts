/** A reporter that closes a run in plain words: what was skipped for want of what, and one line that any CI reads. */
import type { Reporter, TestCase, TestModule } from "vitest/node";

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => test.result().state === "skipped");
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const failed = tests.filter((test) => test.result().state === "failed").length + broken + errors.length;
    const passed = tests.filter((test) => test.result().state === "passed").length;
    for (const [reason, names] of byReason(skipped)) console.log(`skipped, ${reason}: ${names.join("; ")}`);
    const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
    console.log(`${passed} passed, ${failed} failed${tail}`);
  }
}

function byReason(tests: readonly TestCase[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const test of tests) {
    const result = test.result();
    const reason = (result.state === "skipped" ? result.note : undefined) ?? "no reason given";
    groups.set(reason, [...(groups.get(reason) ?? []), test.name]);
  }
  return groups;
}
