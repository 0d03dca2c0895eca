// What follows the # in an address never reaches the server: it is carried through the log-in here.
// Times are shown in the reader's own zone.
for (const field of document.querySelectorAll("input[name=next]")) field.value += location.hash;
for (const link of document.querySelectorAll("[data-next]")) link.href += encodeURIComponent(location.hash);

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
for (const node of document.querySelectorAll("time")) node.textContent = format.format(new Date(node.dateTime));
