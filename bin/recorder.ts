/** The bundle of both recorders, which share nearly all of their code; the launcher's second argument says which one runs. */
import { runCommand } from "../src/command.ts";
import { rec } from "./rec.ts";
import { recSession } from "./rec-session.ts";

const [, , , name] = process.argv;
if (name === "rec") runCommand(name, rec);
else runCommand("rec-session", recSession);
