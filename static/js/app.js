// Entry of every page behind the login: wires the modules below. No bundler; each file is an ES module.
import { setUpHtmx } from "./htmx-setup.js";
import { setUpForms } from "./forms.js";
import { setUpSending } from "./sending.js";
import { setUpMeanwhile } from "./meanwhile.js";
import { setUpDrafts, setUpUnsent } from "./drafts.js";
import { setUpDialogs } from "./dialogs.js";
import { setUpKeyboard } from "./keyboard.js";
import { setUpPlacePickers } from "./place-picker.js";
import { setUpFileDrops } from "./file-drop.js";
import { setUpFormsets } from "./formset.js";
import { setUpCharts } from "./charts.js";
import { setUpPickers } from "./picker.js";
import { setUpNav } from "./nav.js";
import { setUpWalking } from "./walking.js";
import { setUpRanked } from "./ranked.js";
import { setUpOffline } from "./offline.js";
import { onFragment } from "./dom.js";

setUpHtmx();
setUpDialogs();
setUpMeanwhile(); // before forms: it hears the press that they turn away
setUpForms();
setUpKeyboard();
setUpNav();
setUpWalking();
setUpOffline(); // after htmx: its banner for a lost network gives way to what is kept
onFragment(setUpFormsets); // before drafts: a restored draft may need more rows
onFragment(setUpSending); // before drafts: it names forms that have no name of their own
onFragment(setUpDrafts);
onFragment(setUpUnsent);
onFragment(setUpPlacePickers);
onFragment(setUpFileDrops);
onFragment(setUpCharts);
onFragment(setUpPickers);
onFragment(setUpRanked);
