/** The media of a recording, opened as the configuration says. */
import { formatRecordingName } from "./catalog/name.ts";
import type { Settings } from "./config/options.ts";
import { facilityNumber, priorityNumber } from "./config/syslog-names.ts";
import { RecError } from "./errors.ts";
import { minimumPayloadBytes } from "./format/encoder.ts";
import { headOf } from "./format/line.ts";
import type { Identity } from "./format/message.ts";
import type { Timers } from "./timers.ts";
import type { DatagramNative } from "./writer/datagram.ts";
import { FileWriter } from "./writer/file.ts";
import { openInFolder } from "./writer/folder.ts";
import { JournalWriter } from "./writer/journal.ts";
import { DelayingWriter, RateLimit } from "./writer/rate-limit.ts";
import { SyslogWriter, syslogHeaderBytes, syslogSocket } from "./writer/syslog.ts";
import type { Medium, Writer } from "./writer/writer.ts";

export type RecorderSettings = Settings<"rec"> | Settings<"rec-session">;

type MediumName = RecorderSettings["writer"][number];

/** Most that a message holds beside its identity and payload: names of fields, numbers, what was lost, how it ended. */
const ownFieldsBytes = 512;

export interface MediaOptions {
  /** The program's name: journald's identifier, syslog's tag. */
  readonly name: string;
  readonly native: DatagramNative;
  readonly settings: RecorderSettings;
  readonly identity: Identity;
  /** Where the folder writer puts its files when the configuration does not say. */
  readonly folder: string | null;
  readonly clock: () => number;
  readonly timers: Timers;
  /** Told of a writer that could not be opened, and what takes its place, if anything. */
  readonly warn: (error: RecError, instead: MediumName | undefined) => void;
}

export interface OpenMedium extends Medium {
  readonly name: MediumName;
}

/**
 * Opens every writer. Throws the error of a required one that cannot be opened and has no fallback, and of the last one when
 * none is left: nothing is ever recorded nowhere unless that was asked for.
 */
export function openMedia(options: MediaOptions): OpenMedium[] {
  const { settings, clock, timers } = options;
  const media: OpenMedium[] = [];
  let failure: RecError | undefined;
  for (const [i, wanted] of settings.writer.entries()) {
    if (wanted === "none") continue;
    const isRequired = settings.required?.includes(wanted) ?? true;
    // What is written anyway need not be written twice.
    const others = [...media.map(({ name }) => name), ...settings.writer.slice(i + 1)];
    const opened = openOrFallBack(wanted, isRequired, others, options);
    if (opened instanceof RecError) {
      failure = opened;
      continue;
    }
    const { name, writer } = opened;
    const isDelayed = settings["limit.action"] === "delay";
    const paced = isDelayed ? new DelayingWriter(writer, rateLimit(settings, clock), timers) : writer;
    media.push({ name, writer: paced, isRequired });
  }
  if (media.length === 0 && failure !== undefined) throw failure;
  return media;
}

/** `others` are written beside it. The error of a writer that the recording does without. */
function openOrFallBack(
  name: MediumName,
  isRequired: boolean,
  others: readonly MediumName[],
  options: MediaOptions,
): { readonly name: MediumName; readonly writer: Writer } | RecError {
  const { settings, warn } = options;
  const fallback = settings["fallback-writer"];
  try {
    return { name, writer: openWriter(name, options) };
  } catch (error) {
    const hasFallback = isRequired && fallback !== "none" && fallback !== name;
    if (!(error instanceof RecError) || (isRequired && !hasFallback)) throw error;
    const instead = hasFallback && !others.includes(fallback) ? fallback : undefined;
    warn(error, instead);
    return instead === undefined ? error : { name: instead, writer: openWriter(instead, options) };
  }
}

/** What takes the place of a medium that was opened and takes nothing any more; undefined where nothing may, or it is one of them. */
export function openInstead(media: readonly OpenMedium[], options: MediaOptions): OpenMedium | undefined {
  const name = options.settings["fallback-writer"];
  if (name === "none" || media.some((medium) => medium.name === name)) return undefined;
  try {
    return { name, writer: openWriter(name, options), isRequired: true };
  } catch (error) {
    if (error instanceof RecError) return undefined;
    throw error;
  }
}

function openWriter(medium: MediumName, options: MediaOptions): Writer {
  const { name, native, settings, identity, timers } = options;
  switch (medium) {
    case "journal":
      return JournalWriter.open(
        native,
        {
          identity,
          identifier: name,
          priority: priorityNumber(settings["journal.priority"]),
          augments: settings["journal.augment"],
          namespace: settings["journal.namespace"],
        },
        timers,
      );
    case "syslog":
      assureRoom(settings["syslog.line"], identity);
      return SyslogWriter.open(
        native,
        {
          tag: name,
          facility: facilityNumber(settings["syslog.facility"]),
          priority: priorityNumber(settings["syslog.priority"]),
          lineBytes: settings["syslog.line"],
          now: Date.now,
        },
        timers,
      );
    case "folder":
      return openInFolder(folderOf(options), fileName(identity), timers);
    default:
      return new FileWriter(settings["file.path"] ?? "", timers);
  }
}

export function rateLimit(settings: RecorderSettings, clock: () => number): RateLimit {
  return new RateLimit({ rateBytes: settings["limit.rate"], burstBytes: settings["limit.burst"], clock });
}

/** What a message may hold, so that its line fits where lines are bounded. */
export function payloadOf(settings: RecorderSettings, identity: Identity, media: readonly OpenMedium[]): number {
  if (!media.some(({ name }) => name === "syslog")) return settings.payload;
  return Math.min(settings.payload, settings["syslog.line"] - besidePayload(identity));
}

/** Most that a line of syslog has beside the payload. */
function besidePayload(identity: Identity): number {
  return syslogHeaderBytes + headOf(identity).length + ownFieldsBytes;
}

/** A message that never fits would hold up all that come after it. */
function assureRoom(lineBytes: number, identity: Identity): void {
  const least = besidePayload(identity) + minimumPayloadBytes;
  if (lineBytes >= least) return;
  const why = `syslog.line is ${lineBytes}, and messages of this user and host take ${least} bytes at least`;
  throw new RecError("REC_FILE_OPEN", { path: syslogSocket, why });
}

function folderOf({ settings, folder }: MediaOptions): string {
  const path = settings["folder.path"] ?? folder;
  if (path !== null) return path;
  throw new RecError("REC_USAGE", {
    what: "no recordings folder: HOME is not set; name a folder with --folder-path",
  });
}

function fileName({ user, rec }: Identity): string {
  return formatRecordingName({ startedMs: Date.now(), user, rec });
}
