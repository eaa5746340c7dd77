// Lessons: each chapter of the book has situations that it can set up.
import * as model from "./model.js";
import { follow } from "./source.js";
import { LESSONS } from "./lessons/all.js";
import { toLesson } from "./link.js";

function go(lesson, step) {
  history.replaceState(null, "", toLesson({ lesson: lesson.name, step }));
  follow(lesson.name, step);
}

/** Text in which what stands between two ` is as in a program. */
const Text = ({ children }) => children.split("`").map((part, i) =>
  (i % 2 ? <code key={i}>{part}</code> : part));

/** The step that is shown, above what there is to look at. */
export function Lesson() {
  const last = model.lesson.value;
  const lesson = LESSONS.find((one) => one.name === last?.lesson);
  if (!lesson) return null;
  const { step, seen, found, at } = last;
  const { name, text } = lesson.steps[step];
  const there = model.moment.value.at === at;
  const busy = model.isBusy.value;
  return (
    <article class="lesson" aria-live="polite">
      <nav aria-label="steps of the lesson">
        <button disabled={busy || step === 0}
          onClick={() => go(lesson, step - 1)}>◂ step</button>
        <button disabled={busy || there} onClick={() => go(lesson, step)}
          title="to the moment of this step">again</button>
        <button disabled={busy || step + 1 === lesson.steps.length}
          onClick={() => go(lesson, step + 1)}>step ▸</button>
        <button onClick={() => (model.lesson.value = null)}
          title="end the lesson">✕</button>
      </nav>
      <h3>{lesson.title}, {step + 1} of {lesson.steps.length}:{" "}
        <Text>{name}</Text></h3>
      <p><Text>{text}</Text></p>
      {found ? <ul class="seen">{seen.map(([words, isSo]) =>
        <li key={words}>{isSo ? "✓" : "✗"} <Text>{words}</Text></li>)}</ul>
        : <p>This did not come: the machine has nothing to do any more.</p>}
    </article>
  );
}

function Steps({ lesson }) {
  const last = model.lesson.value;
  const at = last?.lesson === lesson.name ? last.step : -1;
  return (
    <article>
      <h4>{lesson.chapter}. {lesson.title}</h4>
      <p><Text>{lesson.text}</Text></p>
      <ol>{lesson.steps.map((step, i) =>
        <li key={i} class={i === at ? "chosen" : ""}>
          <button onClick={() => go(lesson, i)}>
            <Text>{step.name}</Text></button></li>)}
      </ol>
    </article>
  );
}

export function Lessons() {
  return <div class="scroll lessons">
    <p>Each step leads to a moment of a run; to any of them, from the
      beginning of its lesson.</p>
    {LESSONS.map((lesson) => <Steps key={lesson.name} lesson={lesson} />)}
  </div>;
}
