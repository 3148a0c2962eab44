import { expect, test } from "vitest";
import { describe as inWords, narrowed, nobody, reasonRecorded, type Scope, widened } from "./scope.ts";

const scope = (part: Partial<Scope>): Scope => ({ ...nobody, ...part });
const everyone = scope({ isAll: true });

test.each<[string, Scope, Scope, Scope]>([
  [
    "users add up, each once, sorted",
    scope({ users: ["b"] }),
    scope({ users: ["b", "a"] }),
    scope({ users: ["a", "b"] }),
  ],
  ["groups too", scope({ users: ["a"] }), scope({ groups: ["g"] }), scope({ users: ["a"], groups: ["g"] })],
  ["everyone takes the place of some", scope({ users: ["a"] }), everyone, everyone],
  [
    "exceptions add up",
    scope({ isAll: true, excludedUsers: ["a"] }),
    scope({ isAll: true, excludedUsers: ["b"], excludedGroups: ["g"] }),
    scope({ isAll: true, excludedUsers: ["a", "b"], excludedGroups: ["g"] }),
  ],
  [
    "who is named is no exception",
    scope({ isAll: true, excludedUsers: ["a", "b"] }),
    scope({ users: ["a"] }),
    scope({ isAll: true, excludedUsers: ["b"] }),
  ],
])("widened: %s", (_, before, wanted, after) => {
  expect(widened(before, wanted)).toEqual(after);
  expect(widened(after, wanted)).toEqual(after);
});

test.each<[string, Scope, Scope, Scope]>([
  [
    "users go",
    scope({ users: ["a", "b"], groups: ["g"] }),
    scope({ users: ["a"] }),
    scope({ users: ["b"], groups: ["g"] }),
  ],
  [
    "of everyone they are exceptions",
    everyone,
    scope({ users: ["a"], groups: ["g"] }),
    scope({ isAll: true, excludedUsers: ["a"], excludedGroups: ["g"] }),
  ],
  ["everyone is all there is", scope({ users: ["a"], groups: ["g"] }), everyone, nobody],
  ["who is not in it", scope({ users: ["a"] }), scope({ users: ["b"] }), scope({ users: ["a"] })],
])("narrowed: %s", (_, before, unwanted, after) => {
  expect(narrowed(before, unwanted)).toEqual(after);
});

test("reasonRecorded: by name, by group, by exception", () => {
  expect(reasonRecorded(scope({ users: ["a"] }), "a", [])).toBe("named");
  expect(reasonRecorded(scope({ groups: ["g"] }), "a", ["f", "g"])).toBe("in the group g");
  expect(reasonRecorded(scope({ groups: ["g"] }), "g", [])).toBe("");
  expect(reasonRecorded(everyone, "a", [])).toBe("everyone is");
  expect(reasonRecorded(scope({ isAll: true, excludedGroups: ["g"] }), "a", ["g"])).toBe("");
});

test("in words", () => {
  expect(inWords(nobody)).toBe("nobody");
  expect(inWords(scope({ users: ["a"], groups: ["g", "h"] }))).toBe("the user a and the groups g, h");
  expect(inWords(scope({ isAll: true, excludedUsers: ["a"] }))).toBe("everyone but the user a");
});
