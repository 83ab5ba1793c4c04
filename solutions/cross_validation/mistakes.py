"""Known mistakes in cross-validation."""

from grader.suite import Mistake, define, replace

SIZES = "return [size + (fold < larger) for fold in range(n_splits)]"
ORDER = "order = np.arange(n_samples) if rng is None else rng.permutation(n_samples)"
K_SIZES = "for size in fold_sizes(n_samples, n_splits):"
VALIDATION = "validation = np.sort(order[start:stop])"
TRAIN = "train = np.sort(np.concatenate([order[:start], order[stop:]]))"
FOLD = "folds.append((train, validation))"
CLASSES = "for label in classes:"
MEMBERS = "members = np.flatnonzero(labels == label)"
SHUFFLED = "members = rng.permutation(members)"
CLASS_SIZES = "sizes = fold_sizes(len(members), n_splits)"
FOLD_OF = "fold_of[members] = np.repeat(np.arange(n_splits), sizes)"
EMPTY = "fold_of = np.empty(len(labels), dtype=np.int64)"
STRATIFIED = "return [(np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)) for fold in range(n_splits)]"
SMALL = "if n_splits > counts.max():"
BUILT = "model = build_model()"
FITTED = "model.fit(x[train], y[train])"
SCORED = "scores.append(model.score(x[validation], y[validation]))"
SCORES = "return scores"
LOOP = "for train, validation in kfold_indices(len(x), n_splits):"


def sizes(code, where):
    """Other sizes of the folds: in "kfold", in "stratified", or in both."""
    edits = {
        "kfold": replace(K_SIZES, f"for size in {code.format(n='n_samples')}:"),
        "stratified": replace(CLASS_SIZES, f"sizes = {code.format(n='len(members)')}"),
    }
    return list(edits.values()) if where == "both" else [edits[where]]


EQUAL = "[{n} // n_splits] * n_splits"
LAST_LARGER = "[{n} // n_splits] * (n_splits - 1) + [{n} - {n} // n_splits * (n_splits - 1)]"
LAST_ONES_LARGER = "fold_sizes({n}, n_splits)[::-1]"
ROUNDED_UP = "[max(0, min(-(-{n} // n_splits), {n} - i * -(-{n} // n_splits))) for i in range(n_splits)]"
WHERE = ("kfold", "stratified", "both")
# The samples of the remainder are in no fold; training has them, or not.
UNASSIGNED = replace(EMPTY, "fold_of = np.full(len(labels), -1)")
FIRST_ONES = replace(FOLD_OF, "fold_of[members[: sum(sizes)]] = np.repeat(np.arange(n_splits), sizes)")
TRAIN_WITHOUT_REST = replace(
    TRAIN, "train = np.sort(np.concatenate([order[:start], order[stop : n_samples // n_splits * n_splits]]))"
)
STRATIFIED_WITHOUT_REST = replace(
    STRATIFIED,
    "return [\n        (np.flatnonzero((fold_of != fold) & (fold_of >= 0)), np.flatnonzero(fold_of == fold))\n"
    "        for fold in range(n_splits)\n    ]",
)
REST_DROPPED = [*sizes(EQUAL, "stratified"), UNASSIGNED, FIRST_ONES]


def own_folds(code, whole="n_samples"):
    """cross_validate with folds of its own, of other sizes, instead of those of kfold_indices."""
    return [
        replace(LOOP, "for train, validation in own_folds(len(x), n_splits):"),
        define(
            f"""
            def own_folds(n_samples, n_splits):
                stops = np.cumsum({code.format(n="n_samples")})
                validations = [np.arange(start, stop) for start, stop in zip([0, *stops], stops)]
                return [(np.setdiff1d(np.arange({whole}), part), part) for part in validations]
            """
        ),
    ]


SETDIFF = replace(TRAIN, "train = np.setdiff1d(np.arange(n_samples), validation)")
ALL_TRAIN = replace(TRAIN, "train = np.arange(n_samples)")
ALL_STRATIFIED = replace(
    STRATIFIED, "return [(np.arange(len(labels)), np.flatnonzero(fold_of == fold)) for fold in range(n_splits)]"
)
SWAPPED_STRATIFIED = replace(STRATIFIED, STRATIFIED.replace("!=", "<>").replace("==", "!=").replace("<>", "=="))


def drawn(order):
    return replace(ORDER, f"order = np.arange(n_samples) if rng is None else {order}")


def drawn_anew(validation):
    """Each fold draws its validation indices by itself."""
    return [
        replace(VALIDATION, f"validation = np.sort(order[start:stop] if rng is None else {validation})"),
        drawn("np.arange(n_samples)"),
        SETDIFF,
    ]


def per_class(code):
    """Another order of the members of a class where there is an rng."""
    return replace(SHUFFLED, f"members = {code}")


def stratified(body):
    """Another stratified_kfold_indices, behind the same checks."""
    return replace(EMPTY, body.replace("\n", "\n    ").rstrip() + f"\n    {EMPTY}")


PLAIN = "return kfold_indices(len(labels), n_splits, rng)"
SORTED_PLAIN = """order = np.argsort(labels, kind="stable")
folds = kfold_indices(len(labels), n_splits, rng)
return [(np.sort(order[train]), np.sort(order[validation])) for train, validation in folds]"""
SHUFFLED_CLASSES = """groups = [np.flatnonzero(labels == label) for label in classes]
order = np.concatenate(groups if rng is None else [rng.permutation(group) for group in groups])
folds = kfold_indices(len(labels), n_splits)
return [(np.sort(order[train]), np.sort(order[validation])) for train, validation in folds]"""
# Sorted by class and dealt out in turn, over all classes at once or within each.
DEALT = """order = np.argsort(labels, kind="stable")
return [(np.sort(np.delete(order, slice(i, None, n_splits))), np.sort(order[i::n_splits])) for i in range(n_splits)]"""
DEALT_SHUFFLED = """groups = [np.flatnonzero(labels == label) for label in classes]
order = np.concatenate(groups if rng is None else [rng.permutation(group) for group in groups])
return [(np.sort(np.delete(order, slice(i, None, n_splits))), np.sort(order[i::n_splits])) for i in range(n_splits)]"""

UNSORTED_STRATIFIED = """blocks = [[] for _ in range(n_splits)]
for label in classes:
    members = np.flatnonzero(labels == label)
    members = members if rng is None else rng.permutation(members)
    for fold, block in enumerate(np.split(members, np.cumsum(fold_sizes(len(members), n_splits))[:-1])):
        blocks[fold].append(block)
blocks = [np.concatenate(parts) for parts in blocks]
trains = [np.concatenate(blocks[:i] + blocks[i + 1 :]) for i in range(n_splits)]
"""

APPEARANCE = "for label in dict.fromkeys(labels.tolist()):"

MISTAKES = [
    Mistake(
        "remainder_dropped",
        "The samples left over by n // k are in no validation fold",
        """With n // k samples in each fold, the last n % k samples are never validated on (or never used at all): the
        score says nothing about them, and the folds do not add up to the data. The first n % k folds take one more
        each. The validation folds together must hold every index just once: test it with n = 11 and k = 4.""",
        sizes(EQUAL, "kfold"),
        [*sizes(EQUAL, "kfold"), TRAIN_WITHOUT_REST],
        REST_DROPPED,
        [*REST_DROPPED, STRATIFIED_WITHOUT_REST],
        [*sizes(EQUAL, "kfold"), *REST_DROPPED],
        [*sizes(EQUAL, "kfold"), TRAIN_WITHOUT_REST, *REST_DROPPED, STRATIFIED_WITHOUT_REST],
        own_folds(EQUAL),
        own_folds(EQUAL, "n_samples // n_splits * n_splits"),
        formula=r"n = k \lfloor n / k \rfloor + (n \bmod k)",
    ),
    Mistake(
        "remainder_in_the_wrong_folds",
        "The samples left over by n // k are not in the first folds",
        """The n % k samples that do not fit into equal folds go to the first folds, one to each. All of them in the
        last fold make it much larger than the others, and its score an average over more; one to each of the *last*
        folds is as fair, but not what was asked for, and folds rounded up to equal size leave the last one with too
        few.""",
        *[sizes(code, where) for code in (LAST_LARGER, LAST_ONES_LARGER, ROUNDED_UP) for where in WHERE],
        *[own_folds(code) for code in (LAST_LARGER, LAST_ONES_LARGER, ROUNDED_UP)],
    ),
    Mistake(
        "remainder_continued_over_classes",
        "The larger folds of a class begin where those of the class before ended",
        """Carrying the remainder on from class to class keeps the folds of equal size, as some libraries do. Here each
        class is cut by the k-fold rule by itself: its first (count mod k) folds hold one more, so the folds may differ
        in size by more than one.""",
        [
            replace(EMPTY, f"{EMPTY}\n    begin = 0"),
            replace(
                CLASS_SIZES,
                "rest = len(members) % n_splits\n"
                "        size = len(members) // n_splits\n"
                "        sizes = [size + ((fold - begin) % n_splits < rest) for fold in range(n_splits)]\n"
                "        begin += len(members)",
            ),
        ],
        stratified(DEALT),
        stratified(DEALT_SHUFFLED),
    ),
    Mistake(
        "folds_interleaved",
        "Every k-th sample goes into a fold instead of a consecutive block",
        """order[i::k] deals the samples out like cards: the folds have the right sizes and do not overlap, but they are
        others than those asked for, which are consecutive blocks. With time series the difference matters: between two
        validated samples there are always some that were trained on.""",
        [
            replace(VALIDATION, "validation = np.sort(order[len(folds) :: n_splits])"),
            replace(TRAIN, "train = np.setdiff1d(order, validation)"),
        ],
        replace(FOLD_OF, "fold_of[members] = np.arange(len(members)) % n_splits"),
        [
            replace(VALIDATION, "validation = np.sort(order[len(folds) :: n_splits])"),
            replace(TRAIN, "train = np.setdiff1d(order, validation)"),
            replace(FOLD_OF, "fold_of[members] = np.arange(len(members)) % n_splits"),
        ],
    ),
    Mistake(
        "validation_rows_in_training",
        "Validation rows are also trained on",
        """A model that has seen the validation rows can simply remember them: the score is too good, and overfitting,
        which cross-validation is there to find, goes unseen. Training takes all indices *except* those of the fold. The
        two arrays of a fold must have no index in common: np.intersect1d(train, validation) is empty.""",
        ALL_TRAIN,
        ALL_STRATIFIED,
        [ALL_TRAIN, ALL_STRATIFIED],
        replace(FITTED, "model.fit(x, y)"),
        [ALL_TRAIN, ALL_STRATIFIED, replace(FITTED, "model.fit(x, y)")],
        replace(TRAIN, "train = np.sort(np.concatenate([order[: start + 1], order[stop:]]))"),
        replace(TRAIN, "train = np.sort(np.concatenate([order[:start], order[stop - 1 :]]))"),
        replace(TRAIN, "train = np.sort(order[:stop])"),
    ),
    Mistake(
        "model_reused",
        "One model is used for all folds, so the scores leak",
        """A model that is built once and fitted again in each fold goes on from the weights of the fold before, and
        these were trained on rows that are now validated on: from the second fold on the scores are too good. Call
        build_model() inside the loop, so that each fold starts from scratch.""",
        [replace(BUILT, "pass"), replace("    scores = []\n", "    scores = []\n    model = build_model()\n")],
        [
            replace(BUILT, "model = model or build_model()"),
            replace("    scores = []\n", "    scores = []\n    model = None\n"),
        ],
        # a new one is built, and the old one used
        [
            replace("    scores = []\n", "    scores = []\n    first = build_model()\n"),
            replace(BUILT, "model = first if not scores else (build_model(), first)[1]"),
        ],
        textbook=True,
    ),
    Mistake(
        "folds_drawn_with_replacement",
        "The folds are drawn with replacement, so that a sample is in several of them or in none",
        """rng.integers and rng.choice may give an index twice, and a new draw for each fold knows nothing of the
        others: some samples are validated on several times and others never. That is a bootstrap, not cross-validation.
        Draw one permutation of all indices and cut it into blocks: each sample is in just one of them.""",
        drawn("rng.choice(n_samples, n_samples)"),
        [drawn("rng.choice(n_samples, n_samples)"), SETDIFF],
        [
            drawn("rng.choice(n_samples, n_samples)"),
            SETDIFF,
            replace(VALIDATION, "validation = np.unique(order[start:stop])"),
        ],
        [
            drawn("rng.choice(n_samples, n_samples)"),
            replace(TRAIN, "train = np.array([i for i in range(n_samples) if i not in order[start:stop]])"),
        ],
        drawn_anew("rng.choice(n_samples, size)"),
        drawn_anew("rng.choice(n_samples, size, replace=False)"),
        drawn_anew("rng.permutation(n_samples)[:size]"),
        drawn_anew("rng.permutation(n_samples)[start:stop]"),
        [*drawn_anew("rng.choice(n_samples, size)"), replace(FOLD, "folds.append((train, np.unique(validation)))")],
        # from the global state, with or without an rng
        drawn("np.random.choice(n_samples, n_samples)"),
        [drawn("np.random.choice(n_samples, n_samples)"), SETDIFF],
        [replace(ORDER, "order = np.random.choice(n_samples, n_samples)"), SETDIFF],
        drawn_anew("np.random.choice(n_samples, size)"),
        drawn_anew("np.random.choice(n_samples, size, replace=False)"),
        *[
            [replace(VALIDATION, f"validation = np.sort(np.random.choice(n_samples, size{rest}))"), SETDIFF]
            for rest in ("", ", replace=False")
        ],
        per_class("rng.choice(members, len(members))"),
        [
            drawn("rng.choice(n_samples, n_samples)"),
            per_class("rng.choice(members, len(members))"),
        ],
        stratified(
            UNSORTED_STRATIFIED.replace("rng.permutation(members)", "rng.choice(members, len(members))")
            + "everything = np.arange(len(labels))\n"
            "return [(np.setdiff1d(everything, block), np.sort(block)) for block in blocks]"
        ),
        stratified(
            UNSORTED_STRATIFIED.replace("rng.permutation(members)", "rng.choice(members, len(members))")
            + "return [(np.sort(train), np.sort(block)) for train, block in zip(trains, blocks)]"
        ),
    ),
    Mistake(
        "classes_not_balanced",
        "The classes are not spread evenly over the folds",
        """The folds are cut as if there were no labels, or from the labels sorted by class. A rare class may then be
        missing from a fold, or a fold hold nothing else, and the scores of the folds cannot be compared. Cut the
        indices of *each class* into n_splits blocks and join the blocks of the same number. Count the labels of every
        validation fold.""",
        stratified(PLAIN),
        stratified(SORTED_PLAIN),
        stratified(SHUFFLED_CLASSES),
    ),
    Mistake(
        "classes_in_order_of_appearance",
        "The classes draw their permutations in another order than the ascending one",
        """Each class draws a permutation of its own from the same generator, so the order of the classes decides which
        class gets which draw. Ascending order, as np.unique gives it, makes the folds reproducible; the order of first
        appearance, of a set or of a Counter depends on the data.""",
        replace(CLASSES, APPEARANCE),
        replace(CLASSES, "for label in classes[::-1]:"),
        replace(CLASSES, "for label in classes[np.argsort(-counts, kind='stable')]:"),
    ),
    Mistake(
        "one_permutation_for_all_classes",
        "All samples are shuffled at once instead of class by class",
        """One permutation of all samples, cut by class afterwards, is as random, but it is another draw than one
        rng.permutation a class, so the folds differ from those that were asked for. When results are to be reproduced
        the number and the order of the draws belong to the definition.""",
        [
            replace(
                EMPTY, f"{EMPTY}\n    order = np.arange(len(labels)) if rng is None else rng.permutation(len(labels))"
            ),
            replace(MEMBERS, "members = order[labels[order] == label]"),
            per_class("members"),
        ],
    ),
    Mistake(
        "scored_on_training_rows",
        "The model is scored on rows that it was trained on",
        """The score on the training rows says how well the model remembers, not how well it does on new data; a nearest
        neighbour scores perfectly. Fit on x[train], y[train] and score on x[validation], y[validation], which the model
        has not seen.""",
        replace(SCORED, "scores.append(model.score(x[train], y[train]))"),
        replace(SCORED, "scores.append(model.score(x, y))"),
        [replace(SCORED, "scores.append(model.score(x, y))"), replace(FITTED, "model.fit(x, y)")],
    ),
    Mistake(
        "train_and_validation_swapped",
        "Training and validation rows are swapped",
        """In each round k − 1 of the k folds are trained on and one is validated on. Swapped, the model learns from a
        small part of the data and is judged on the rest. The pair is (train, validation), the larger part first.""",
        replace(FOLD, "folds.append((validation, train))"),
        SWAPPED_STRATIFIED,
        [
            replace(FOLD, "folds.append((validation, train))"),
            SWAPPED_STRATIFIED,
        ],
        [
            replace(FITTED, "model.fit(x[validation], y[validation])"),
            replace(SCORED, "scores.append(model.score(x[train], y[train]))"),
        ],
    ),
    Mistake(
        "indices_not_sorted",
        "The index arrays are not sorted",
        """A block of a permutation holds its indices in random order, and a fold that is joined from classes holds them
        class by class. Both arrays of a fold are to be sorted: then folds can be compared, and the rows keep their
        order.""",
        replace(VALIDATION, "validation = order[start:stop]"),
        replace(TRAIN, "train = np.concatenate([order[:start], order[stop:]])"),
        [
            replace(VALIDATION, "validation = order[start:stop]"),
            replace(TRAIN, "train = np.concatenate([order[:start], order[stop:]])"),
        ],
        stratified(UNSORTED_STRATIFIED + "return list(zip(trains, blocks))"),
        stratified(UNSORTED_STRATIFIED + "return [(np.sort(train), block) for train, block in zip(trains, blocks)]"),
        stratified(UNSORTED_STRATIFIED + "return [(train, np.sort(block)) for train, block in zip(trains, blocks)]"),
    ),
    Mistake(
        "rng_ignored",
        "The rng is not used",
        """The folds are the same with and without an rng. Data are often sorted, by class or by day, and consecutive
        blocks of sorted data have little in common with one another: that is what the permutation is for. Without an
        rng nothing is to be shuffled, with one everything.""",
        drawn("np.arange(n_samples)"),
        per_class("members"),
        [drawn("np.arange(n_samples)"), per_class("members")],
    ),
    Mistake(
        "own_randomness",
        "The shuffling does not come from the rng that was given",
        """np.random.permutation draws from the global state, which anybody may change, and a generator made inside the
        function gives the same folds every time. Randomness comes in as the argument `rng`, so that the caller decides
        whether two runs are equal; without an rng nothing is shuffled at all.""",
        drawn("np.random.permutation(n_samples)"),
        per_class("np.random.permutation(members)"),
        [drawn("np.random.permutation(n_samples)"), per_class("np.random.permutation(members)")],
        replace(ORDER, "order = np.random.permutation(n_samples)"),
        replace(ORDER, "order = (np.random if rng is None else rng).permutation(n_samples)"),
        *[replace(ORDER, f"order = (rng or np.random.default_rng({seed})).permutation(n_samples)") for seed in (0, 42)],
        *[drawn(f"np.random.default_rng({seed}).permutation(n_samples)") for seed in (0, 42)],
        *[per_class(f"np.random.default_rng({seed}).permutation(members)") for seed in (0, 42)],
    ),
    Mistake(
        "small_class_refused",
        "A class with fewer samples than folds raises an error",
        """A small class cannot be in every validation fold, but it can be in the first ones: only if *no* class reaches
        every fold there is nothing to stratify. Compare n_splits with the largest count, not with the smallest.""",
        replace(SMALL, "if n_splits > counts.min():"),
    ),
    Mistake(
        "mean_returned",
        "The mean of the scores is returned instead of the list",
        """The spread of the scores tells how far to trust their mean, so all of them are wanted, one a fold. The mean
        is easily taken afterwards.""",
        replace(SCORES, "return float(np.mean(scores))"),
        replace(SCORES, "return float(np.mean(scores)), float(np.std(scores))"),
    ),
    Mistake(
        "masks_for_indices",
        "Boolean masks are returned instead of indices",
        """A fold is a pair of sorted arrays of integers, the places of its samples. `np.flatnonzero(mask)` makes them
        of a mask.""",
        [
            replace(FOLD, "folds.append(tuple(np.isin(np.arange(n_samples), part) for part in (train, validation)))"),
            replace(STRATIFIED, "return [(fold_of != fold, fold_of == fold) for fold in range(n_splits)]"),
        ],
        replace(FOLD, "folds.append(tuple(np.isin(np.arange(n_samples), part) for part in (train, validation)))"),
    ),
    Mistake(
        "folds_in_reverse",
        "The folds are listed in the reverse order",
        """The first fold validates on the first block of samples, the second on the next, and so on.""",
        replace("    return folds\n", "    return folds[::-1]\n"),
        [
            replace("    return folds\n", "    return folds[::-1]\n"),
            replace(STRATIFIED, STRATIFIED.replace("range(n_splits)]", "reversed(range(n_splits))]")),
        ],
    ),
    Mistake(
        "trained_on_validation",
        "The model is trained on the validation rows, or on them as well",
        """The score of a fold is to say how the model does on rows it has not seen. Fit it on the training rows alone,
        and once: a second fit on the validation rows shows it the answers.""",
        replace(FITTED, "model.fit(x[validation], y[validation])"),
        replace(FITTED, f"{FITTED}\n        model.fit(x[validation], y[validation])"),
    ),
    Mistake(
        "targets_of_other_rows",
        "x and y of different rows are paired",
        """The training rows of x need the targets of the same rows: y[train]. The first of y, as many as there are
        training rows, belong to other samples.""",
        replace(FITTED, "model.fit(x[train], y[: len(train)])"),
    ),
    Mistake(
        "one_number_of_the_scores",
        "One number is returned instead of the list of scores",
        """cross_validate returns the score of every fold, in their order. The best of them is no estimate of anything:
        it is picked for being high.""",
        replace(SCORES, "return max(scores)"),
    ),
    Mistake(
        "error_for_score",
        "1 − score is returned",
        """What model.score says is the score; turned into an error, the best model gets the lowest number.""",
        replace(SCORED, SCORED.replace("model.score(", "1 - model.score(")),
    ),
]
