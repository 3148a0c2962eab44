/** The newest recording of a user, for the doctor: of the journals, and of the folders that recorders write to. */
import { listRecordingFolder } from "../catalog/file-list.ts";
import { newestFirst, type Recording } from "../catalog/recording.ts";
import { RecError } from "../errors.ts";
import { listMeantJournals } from "../meant-journals.ts";
import type { LastRecording } from "../site/doctor/last-recording.ts";
import type { ReadConfiguration } from "../site/doctor/settings.ts";

/** `siteFolder`: where goes what no other place takes; null for who may not read it. Throws REC_JOURNAL_READ, REC_CONFIG_READ. */
export async function lastRecordingOf(
  user: string,
  siteFolder: string | null,
  read: ReadConfiguration,
): Promise<LastRecording | undefined> {
  const meant = foldersThatAreMeant(siteFolder, read);
  const folders = siteFolder === null ? [] : [...new Set([...meant, siteFolder])];
  const lists = await Promise.all(folders.map(async (folder) => await inFolder(folder, user)));
  const instead = lists.filter((_, index) => !meant.includes(folders[index] ?? "")).flat();
  const [last] = newestFirst([...(await listMeantJournals({}, { user, limit: 1 })), ...lists.flat()]);
  return last === undefined ? undefined : { ...last, instead: instead.includes(last) ? siteFolder : null };
}

/** By the configuration of either recorder. */
function foldersThatAreMeant(siteFolder: string | null, read: ReadConfiguration): string[] {
  return (["rec-session", "tlog-rec-session"] as const).flatMap((recorder) => {
    const { writer, "folder.path": folder = siteFolder } = read(recorder).settings;
    return writer.includes("folder") && folder !== null ? [folder] : [];
  });
}

async function inFolder(folder: string, user: string): Promise<Recording[]> {
  try {
    return await listRecordingFolder(folder, { user, limit: 1 });
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    return [];
  }
}
