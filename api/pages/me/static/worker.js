// Keeps the list of duties, with its style, for when there is no network; no other page is kept.
const KEPT = "zhiban-me";
const LIST = "/me";

const isList = (request) => request.mode === "navigate" && new URL(request.url).pathname === LIST;
const isFile = (request) => new URL(request.url).pathname.startsWith("/static/");

const kept = async (key) => (await (await caches.open(KEPT)).match(key)) || Response.error();

const list = async (request) => {
  let answer;
  try {
    answer = await fetch(request);
  } catch (error) {
    return kept(LIST);
  }
  const cache = await caches.open(KEPT);
  // whoever is not signed in any more is sent elsewhere: the list goes
  if (answer.ok && !answer.redirected) await cache.put(LIST, answer.clone());
  else if (answer.status !== 503) await cache.delete(LIST);
  return answer;
};

const file = async (request) => {
  const cache = await caches.open(KEPT);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.delete(request, { ignoreSearch: true }); // an older version of the file
    await cache.put(request, answer.clone());
  }
  return answer;
};

const keepList = async () => {
  try {
    await (await caches.open(KEPT)).add(LIST);
  } catch (error) {
    // the next visit keeps it
  }
};

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepList());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (isList(event.request)) event.respondWith(list(event.request));
  else if (isFile(event.request)) event.respondWith(file(event.request));
});
