import { CallButton } from './call-button.tsx';
import { followTable } from './follow-table.ts';
import { visitAsked } from './visit-asked.ts';
import { VisitSheet } from './visit-sheet.tsx';

followTable();

/** What a phone does because it is at a table: call the staff, join the visit, go along to another table. Loaded after the menu is there. */
export function AtTable() {
  return (
    <>
      <CallButton />
      {visitAsked.value && <VisitSheet reason={visitAsked.value} />}
    </>
  );
}
