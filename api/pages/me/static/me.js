// The last list stays readable without network: a worker keeps it (me/static/worker.js).
const KEPT = "zhiban-me";
const offline = document.getElementById("offline");
const tell = () => { offline.hidden = navigator.onLine; };
window.addEventListener("online", tell);
window.addEventListener("offline", tell);
tell();
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/me/worker.js", { scope: "/me" }).catch(() => {});
  // nothing of this person stays behind for whoever signs in next
  document.querySelector("form[action='/sign-out']").addEventListener("submit", () => caches.delete(KEPT));
}
