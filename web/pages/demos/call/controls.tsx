// What one switches in a call: sound, picture, screen, devices.
import { asError, type CarillonError } from "@carillon/client";
import { type Call, listDevices, type MediaChoice } from "@carillon/client/call";
import { useEffect, useState } from "preact/hooks";

interface ControlsProps {
  call: Call;
  add_trouble(error: CarillonError): void;
  leave(): void;
}

interface ToggleProps {
  kind: "audio" | "video";
  word: string;
  call: Call;
  attempt(work: () => Promise<void>): void;
}

/** Off is heard at once and keeps the device; without a device it is asked for. */
function Toggle({ kind, word, call, attempt }: ToggleProps) {
  const camera = call.streams.get("camera");
  const is_there = camera?.getTracks().some((track) => track.kind === kind) ?? false;
  const is_on = is_there && !call.muted[kind];
  function toggle() {
    if (is_there) return call.mute({ [kind]: is_on });
    call.mute({ [kind]: false });
    attempt(() => call.use({ [kind]: true }));
  }
  return <button type="button" aria-pressed={is_on} onClick={toggle}>{word} {is_on ? "on" : "off"}</button>;
}

function DeviceSelect({ kind, word, all, choose }: { kind: "audio" | "video"; word: string; all: MediaDeviceInfo[]; choose(choice: MediaChoice): void }) {
  const devices = all.filter((device) => device.kind === `${kind}input` && device.deviceId !== "");
  if (devices.length < 2) return null;
  return (
    <label class="field">{word}
      <select onChange={(event) => choose({ [kind]: event.currentTarget.value })}>
        {devices.map(({ deviceId, label }) => <option key={deviceId} value={deviceId}>{label || word}</option>)}
      </select>
    </label>
  );
}

export function Controls({ call, add_trouble, leave }: ControlsProps) {
  const [devices, set_devices] = useState<MediaDeviceInfo[]>([]);
  const track_count = call.streams.get("camera")?.getTracks().length ?? 0;
  const is_shown = call.streams.has("screen");
  // Their names are told once one of them may be used.
  useEffect(() => {
    listDevices().then(set_devices, () => set_devices([]));
  }, [track_count]);
  const attempt = (work: () => Promise<void>) => void work().catch((thrown) => add_trouble(asError(thrown)));
  const choose = (choice: MediaChoice) => attempt(() => call.use(choice));
  return (
    <div class="row controls" role="group" aria-label="Controls">
      <Toggle kind="audio" word="Microphone" call={call} attempt={attempt} />
      <Toggle kind="video" word="Camera" call={call} attempt={attempt} />
      <button type="button" aria-pressed={is_shown} onClick={() => (is_shown ? call.stopScreen() : attempt(() => call.shareScreen()))}>
        {is_shown ? "Stop sharing" : "Share screen"}
      </button>
      <DeviceSelect kind="video" word="Camera:" all={devices} choose={choose} />
      <DeviceSelect kind="audio" word="Microphone:" all={devices} choose={choose} />
      <button type="button" class="leave" onClick={leave}>Leave</button>
    </div>
  );
}
