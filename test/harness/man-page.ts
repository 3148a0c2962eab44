/** What mandoc and groff say of a man page. */
import { spawnSync } from "node:child_process";

/** What either complains of, "" when both find it clean; undefined where one is missing. */
export function manPageComplaints(page: string): string | undefined {
  const mandoc = run("mandoc", ["-T", "lint"], page);
  const groff = run("groff", ["-man", "-ww", "-z", "-Tutf8"], page);
  return mandoc === undefined || groff === undefined ? undefined : mandoc.stdout + mandoc.stderr + groff.stderr;
}

/** The page as plain text in long lines, every dash an ASCII one; undefined without groff. */
export function manPageText(page: string): string | undefined {
  return run("groff", ["-man", "-Tutf8", "-P-cbou", "-rLL=200n"], page)?.stdout.replaceAll(/[−‐]/g, "-");
}

function run(command: string, args: readonly string[], input: string): { stdout: string; stderr: string } | undefined {
  const { stdout, stderr, error } = spawnSync(command, args, { input, encoding: "utf8" });
  return error === undefined ? { stdout, stderr } : undefined;
}
