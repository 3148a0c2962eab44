/** rec-session: recordings listed, opened, decoded, encoded, exported and imported. docs/library.md shows how. */
export type { Criteria } from "../catalog/filter.ts";
export type { RecordingName } from "../catalog/name.ts";
export type { Recording, RecordingState } from "../catalog/recording.ts";
export type { FileNotice } from "../export/notice.ts";
export type { ScriptPart, ScriptPiece } from "../export/script.ts";
export type { ShownLine } from "../search/shown-text.ts";
export type { ListOptions } from "./catalog.ts";
export * as catalog from "./catalog.ts";
export {
  type ExportFormat,
  type ExportOptions,
  exportFormats,
  exportRecording,
  exportScript,
} from "./export-recording.ts";
export * from "./format.ts";
export { type ImportOptions, importRecording } from "./import-recording.ts";
export { type OpenRecording, openRecording, type Provenance } from "./open-recording.ts";
export type { JournalPlace, Place } from "./place.ts";
export { type SearchHit, type SearchOptions, search } from "./search.ts";
export { shownLines } from "./shown-lines.ts";
