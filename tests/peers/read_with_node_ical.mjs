// stdin: a JSON list of calendars; stdout: for each, what node-ical reads of its events.
import { readFileSync } from "node:fs";
import ical from "node-ical";

const two = (number) => String(number).padStart(2, "0");

// A whole day is told as this machine's own midnight of that date.
const moment = (date, isDate) =>
  isDate
    ? `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
    : date.getTime() / 1000;

function eventsOf(text) {
  return Object.values(ical.sync.parseICS(text))
    .filter((component) => component.type === "VEVENT")
    .map((event) => ({
      uid: event.uid,
      summary: event.summary,
      description: event.description ?? "",
      status: event.status,
      start: moment(event.start, event.datetype === "date"),
      end: moment(event.end, event.datetype === "date"),
    }));
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(eventsOf)));
