// stdin: a JSON list of calendars; stdout: for each, what ical.js reads of its events.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const moment = (time) => (time.isDate ? time.toString() : time.toUnixTime());

function eventsOf(text) {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      summary: event.summary,
      description: event.description ?? "",
      status: component.getFirstPropertyValue("status"),
      start: moment(event.startDate),
      end: moment(event.endDate),
    };
  });
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(eventsOf)));
