// Answers a calendar with its events as ical.js reads them: uid, start in UTC, status.
const ICAL = require("ical.js").default ?? require("ical.js");

let text = "";
process.stdin.on("data", (part) => { text += part; });
process.stdin.on("end", () => {
  const calendar = new ICAL.Component(ICAL.parse(JSON.parse(text)));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const events = calendar.getAllSubcomponents("vevent").map((part) => {
    const event = new ICAL.Event(part);
    return [event.uid, event.startDate.toJSDate().toISOString().slice(0, 19), part.getFirstPropertyValue("status")];
  });
  process.stdout.write(JSON.stringify(events));
});
