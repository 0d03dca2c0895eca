// A link from another site arrives without our cookie, which is never sent across sites: ask again from here.
const address = new URL(location.href);
address.searchParams.set("from", "link");
location.replace(address);
