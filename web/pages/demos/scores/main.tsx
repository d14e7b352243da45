// Scores: one channel for all matches; the latest message of each is what there is to show.
import { useState } from "preact/hooks";
import { useChannel } from "../kit/connection.ts";
import { Nothing, show_demo } from "../kit/shell.tsx";

const goal_count = 8;

interface Report {
  match: number;
  home: string;
  away: string;
  goals: [number, number];
  minute: number;
  event: string;
}

interface Goal {
  position: string;
  text: string;
}

function Match({ report }: { report: Report }) {
  const is_over = report.minute >= 90;
  return (
    <article class={report.event.startsWith("goal") ? "card match goal" : "card match"} aria-label={`${report.home} against ${report.away}`}>
      <p class="minute">{is_over ? "Full time" : `${report.minute}′`}</p>
      <p class="side">{report.home}<strong>{report.goals[0]}</strong></p>
      <p class="side">{report.away}<strong>{report.goals[1]}</strong></p>
      <div class="progress" style={{ "--part": report.minute / 90 }} />
    </article>
  );
}

function Scores() {
  const [reports, set_reports] = useState<Record<number, Report>>({});
  const [goals, set_goals] = useState<Goal[]>([]);
  useChannel<Report>("demo-scores:all", { history: 60 }, () => ({
    on_message: ({ data, position }) => {
      set_reports((before) => ({ ...before, [data.match]: data }));
      if (!data.event.startsWith("goal")) return;
      const scorer = data.event === "goal home" ? data.home : data.away;
      const text = `${data.minute}′ ${scorer} score: ${data.home} ${data.goals.join(" – ")} ${data.away}`;
      set_goals((before) => [{ position, text }, ...before].slice(0, goal_count));
    },
  }));
  const all = Object.values(reports);
  return (
    <>
      {all.length === 0 && <Nothing>No match is on. The made-up ones are part of <code>carillon serve --demo</code>.</Nothing>}
      <div class="columns">{all.map((report) => <Match key={report.match} report={report} />)}</div>
      <section class="card panel goals" aria-labelledby="goals-title">
        <h2 id="goals-title">Goals</h2>
        {goals.length === 0 && <p class="soft">None yet.</p>}
        <ul aria-live="polite">{goals.map(({ position, text }) => <li key={position}>{text}</li>)}</ul>
      </section>
    </>
  );
}

show_demo({ demo: "scores", title: "Sports scores", lead: "Three matches, somewhat faster than in life. Who comes late is told the latest of each." }, <Scores />);
