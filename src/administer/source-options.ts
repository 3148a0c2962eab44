/** The options that name one recording: those of rec-play. */
import type { CommandOption } from "../config/option.ts";
import { playOptions } from "../config/play-options.ts";
import { sourcePaths } from "../source.ts";

type SourceOption = Extract<(typeof playOptions)[number], { path: (typeof sourcePaths)[number] }>;

const paths: readonly string[] = sourcePaths;

export const sourceOptions: readonly SourceOption[] = playOptions.filter((option): option is SourceOption =>
  paths.includes(option.path),
) satisfies readonly CommandOption[];
