"""Known mistakes in SGD with momentum, RMSprop and AdamW."""

from grader.suite import Mistake, replace

VELOCITY = 'velocity = momentum * state.get("velocity", 0.0) + grad'
SGD_PARAM = "new_param = param - lr * velocity"
SGD_STATE = 'return new_param, {"velocity": velocity}'
SQUARES = 'square_average = alpha * state.get("square_average", 0.0) + (1 - alpha) * grad**2'
ROOT = "root = np.sqrt(square_average) + eps"
RMSPROP_PARAM = "new_param = param - lr * grad / root"
RMSPROP_STATE = 'return new_param, {"square_average": square_average}'
BETAS = "beta1, beta2 = fractions(beta1=betas[0], beta2=betas[1])"
STEP = 'step = state.get("step", 0) + 1'
M = 'm = beta1 * state.get("m", 0.0) + (1 - beta1) * grad'
V = 'v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2'
M_HAT = "m_hat = m / (1 - beta1**step)"
V_HAT = "v_hat = v / (1 - beta2**step)"
DENOMINATOR = "denominator = np.sqrt(v_hat) + eps"
DECAYED = "decayed = param * (1 - lr * weight_decay)"
ADAM_PARAM = "new_param = decayed - lr * m_hat / denominator"
ADAM_STATE = 'return new_param, {"step": step, "m": m, "v": v}'


def each(*edits):
    """The mistake in each function alone, and in all of them."""
    lists = [edit if isinstance(edit, list) else [edit] for edit in edits]
    return [*lists, [edit for some in lists for edit in some]]


def filled(line, **entries):
    """The state that was passed in filled and returned."""
    update = ", ".join(f"{key}={value}" for key, value in entries.items())
    return replace(line, f"state.update({update})\n    return new_param, state")


def accumulated(line, name, decay, change):
    """A running average updated inside its array."""
    array = f'{name} = state["{name}"] if state else np.zeros_like(param)'
    return replace(line, f"{array}\n    {name} *= {decay}\n    {name} += {change}")


def moved(line, name, change):
    """The parameters moved inside their array."""
    return replace(line, f"{name} -= {change}\n    new_param = {name}")


IN_PLACE = [
    accumulated(VELOCITY, "velocity", "momentum", "grad"),
    accumulated(SQUARES, "square_average", "alpha", "(1 - alpha) * grad**2"),
]
MOMENTS_IN_PLACE = [
    accumulated(M, "m", "beta1", "(1 - beta1) * grad"),
    accumulated(V, "v", "beta2", "(1 - beta2) * grad**2"),
]
FROM_0 = replace(STEP, 'step = state.get("step", 0)')
KEPT_FROM_0 = [FROM_0, replace(ADAM_STATE, ADAM_STATE.replace("step,", "step + 1,"))]

MISTAKES = [
    Mistake(
        "no_bias_correction",
        "The moments are used without bias correction",
        """m and v start at zero, so in the first steps they are far too small: m by the factor 1 − β₁ = 0.1, v by
        0.001. Their ratio m/√v is then three times too large, or, with one of the two corrected, wrong in another
        way. Divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ; after many steps both factors approach 1.""",
        [replace(M_HAT, "m_hat = m"), replace(V_HAT, "v_hat = v")],
        replace(M_HAT, "m_hat = m"),
        replace(V_HAT, "v_hat = v"),
        formula=r"\hat m = \frac{m}{1 - \beta_1^t}, \quad \hat v = \frac{v}{1 - \beta_2^t}",
    ),
    Mistake(
        "step_count_from_0",
        "The step count starts at 0",
        """β⁰ is 1, so the bias correction of step 0 divides by 1 − 1 = 0, and the parameters become NaN. The first
        step is t = 1: increase the count before it is used. Leaving out the correction at t = 0 avoids the NaN
        only; all later steps are then corrected by one step too few.""",
        KEPT_FROM_0,
        [
            *KEPT_FROM_0,
            replace(M_HAT, "m_hat = m * (float(1 - beta2**step) ** 0.5 / float(1 - beta1**step))"),
            replace(V_HAT, "v_hat = v"),
        ],
        [
            *KEPT_FROM_0,
            replace(M_HAT, "m_hat = m / (1 - beta1**step if step else 1)"),
            replace(V_HAT, "v_hat = v / (1 - beta2**step if step else 1)"),
        ],
        [
            *KEPT_FROM_0,
            replace(M_HAT, "m_hat = m / (1 - beta1 ** max(step, 1))"),
            replace(V_HAT, "v_hat = v / (1 - beta2 ** max(step, 1))"),
        ],
        *[
            [
                *KEPT_FROM_0,
                replace(M_HAT, f"m_hat = m / (1 - beta1**step + {tiny})"),
                replace(V_HAT, f"v_hat = v / (1 - beta2**step + {tiny})"),
            ]
            for tiny in ("1e-8", "1e-10", "1e-12")
        ],
        formula=r"1 - \beta^0 = 0",
    ),
    Mistake(
        "step_count_wrong",
        "The step count does not advance by one a step",
        """The bias correction needs the number of the current step, 1 in the first one. If the count is not kept in
        the new state the correction never fades, and the steps grow without end; if it is increased twice, the
        first step is corrected as if it were the second.""",
        replace(STEP, "step = 1"),
        replace(STEP, 'step = state.get("step", 1) + 1'),
        replace(STEP, 'step = state.get("step", 0) + 2'),
    ),
    Mistake(
        "betas_swapped",
        "β₁ and β₂ are swapped",
        """β₁ = 0.9 averages the gradients over about ten steps, β₂ = 0.999 their squares over about a thousand.
        Swapped, the step follows gradients from long ago and its size reacts to single ones. betas is (β₁, β₂), for
        m and v in this order, in the averages and in the bias correction.""",
        replace(BETAS, BETAS.replace("beta1, beta2 =", "beta2, beta1 =")),
        [replace(M, M.replace("beta1", "beta2")), replace(V, V.replace("beta2", "beta1"))],
        [replace(M_HAT, M_HAT.replace("beta1", "beta2")), replace(V_HAT, V_HAT.replace("beta2", "beta1"))],
    ),
    Mistake(
        "eps_inside_root",
        "eps is added under the root",
        """Under the root, 10⁻⁸ acts like 10⁻⁴ outside of it, so gradients below 10⁻⁴ take far smaller steps than they
        should. For larger gradients the difference is hard to see. Take the root first and add eps to it.""",
        *each(
            replace(ROOT, "root = np.sqrt(square_average + eps)"),
            replace(DENOMINATOR, "denominator = np.sqrt(v_hat + eps)"),
        ),
        formula=r"\sqrt{0 + 10^{-8}} = 10^{-4} \ne \sqrt{0} + 10^{-8}",
    ),
    Mistake(
        "eps_before_correction",
        "eps is added before the bias correction",
        """Folding both corrections into the learning rate, lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + eps), is the same but for
        eps, which is then divided by √(1 − β₂ᵗ): thirty times as large in the first step. It is the form of
        TensorFlow; PyTorch adds eps to √v̂.""",
        replace(DENOMINATOR, "denominator = np.sqrt(v_hat) + eps / (1 - beta2**step) ** 0.5"),
        formula=r"\frac{\sqrt v + \epsilon}{\sqrt{1 - \beta_2^t}} \ne \sqrt{\hat v} + \epsilon",
    ),
    Mistake(
        "correction_outside_root",
        "The bias correction of the second moment stands outside the root",
        """1 − β₂ᵗ belongs to v, which is an average of squares: v̂ = v/(1 − β₂ᵗ), and then the root. √v/(1 − β₂ᵗ)
        divides a root by it, so the first steps are far too small: thirty times with β₂ = 0.999.""",
        replace(DENOMINATOR, "denominator = np.sqrt(v) / (1 - beta2**step) + eps"),
        formula=r"\sqrt{\frac{v}{1 - \beta_2^t}} \ne \frac{\sqrt v}{1 - \beta_2^t}",
    ),
    Mistake(
        "eps_missing",
        "eps is left out",
        """A parameter whose gradients have all been zero has a root of 0, and 0/0 is NaN. Such parameters are common:
        behind a dead ReLU, or the embedding of a word that has not occurred. Add eps to the root.""",
        *each(replace(ROOT, "root = np.sqrt(square_average)"), replace(DENOMINATOR, "denominator = np.sqrt(v_hat)")),
    ),
    Mistake(
        "decay_in_gradient",
        "The weight decay is added to the gradient",
        """g + weight_decay·θ is L2 regularisation, and passes through both averages: divided by √v̂, weights with
        large gradients are hardly decayed at all. AdamW decouples the two: θ is multiplied by 1 − lr·weight_decay,
        and m and v see the gradient alone.""",
        [replace(STEP, f"grad = grad + weight_decay * param\n    {STEP}"), replace(DECAYED, "decayed = param")],
        [
            replace(ADAM_PARAM, ADAM_PARAM.replace("m_hat", "(m_hat + weight_decay * param)")),
            replace(DECAYED, "decayed = param"),
        ],
        replace(STEP, f"grad = grad + weight_decay * param\n    {STEP}"),
        [replace(STEP, f"grad = grad + lr * weight_decay * param\n    {STEP}"), replace(DECAYED, "decayed = param")],
        [replace(M, M.replace("* grad", "* (grad + weight_decay * param)")), replace(DECAYED, "decayed = param")],
        formula=r"\theta \leftarrow \theta (1 - \eta \lambda) - \eta \frac{\hat m}{\sqrt{\hat v} + \epsilon}",
    ),
    Mistake(
        "decay_without_lr",
        "The weight decay is not multiplied by the learning rate",
        """The weights shrink by weight_decay itself in every step, ten times too fast with lr = 0.1, and go on
        shrinking when a schedule lowers the learning rate. The factor is 1 − lr·weight_decay.""",
        replace(DECAYED, "decayed = param * (1 - weight_decay)"),
    ),
    Mistake(
        "decay_after_step",
        "The weight decay is applied after the step",
        """The decay belongs to the weights of before the step. Applied to the result it shrinks the step, too, by the
        factor 1 − lr·weight_decay.""",
        [
            replace(DECAYED, "decayed = param"),
            replace(ADAM_PARAM, "new_param = (param - lr * m_hat / denominator) * (1 - lr * weight_decay)"),
        ],
    ),
    Mistake(
        "decay_ignored",
        "The weight decay has no effect",
        """The argument weight_decay is accepted and not used. Multiply the weights by 1 − lr·weight_decay before the
        step.""",
        replace(DECAYED, "decayed = param"),
    ),
    Mistake(
        "state_modified_in_place",
        "The state that was passed in is modified",
        """`state["t"] += 1`, or `v *= beta` on an array of the state, changes what the caller still holds: the same
        step from the same state gives another result the second time, and a step cannot be taken back or tried with
        another lr. Compute new arrays, `v = beta * state["v"] + ...`, and return them in a new dict.""",
        *each(
            filled(SGD_STATE, velocity="velocity"),
            filled(RMSPROP_STATE, square_average="square_average"),
            filled(ADAM_STATE, step="step", m="m", v="v"),
        ),
        *each(*IN_PLACE),
        MOMENTS_IN_PLACE,
        [*IN_PLACE, *MOMENTS_IN_PLACE],
    ),
    Mistake(
        "modified_in_place",
        "The parameters or gradients are modified in place",
        """`param -= lr * v` writes into the array that the caller passed in, who then has lost the parameters of
        before the step. Write `new_param = param - ...`: it makes a new array.""",
        *each(
            moved(SGD_PARAM, "param", "lr * velocity"),
            moved(RMSPROP_PARAM, "param", "lr * grad / root"),
            [
                replace(DECAYED, "param *= 1 - lr * weight_decay"),
                moved(ADAM_PARAM, "param", "lr * m_hat / denominator"),
            ],
        ),
    ),
    Mistake(
        "lr_in_velocity",
        "The learning rate is inside the momentum buffer",
        """With v ← momentum·v + lr·g and θ ← θ − v, past gradients keep the learning rate of their own step. As long
        as lr is constant the two forms agree; when a schedule lowers it, the old, large steps live on in the
        buffer. In PyTorch's form v sums gradients alone, and lr multiplies all of it.""",
        [
            replace(VELOCITY, VELOCITY.replace("+ grad", "+ lr * grad")),
            replace(SGD_PARAM, "new_param = param - velocity"),
        ],
        # The step is multiplied by it, too.
        replace(VELOCITY, VELOCITY.replace("+ grad", "+ lr * grad")),
        formula=r"v \leftarrow \mu v + g, \quad \theta \leftarrow \theta - \eta v",
    ),
    Mistake(
        "dampened_velocity",
        "The gradient is multiplied by 1 − momentum",
        """v ← momentum·v + (1 − momentum)·g is a running average, as in Adam. In SGD's momentum the gradients are
        summed, with weight 1 for the newest, so the steps here are ten times too small.""",
        replace(VELOCITY, VELOCITY.replace("+ grad", "+ (1 - momentum) * grad")),
    ),
    Mistake(
        "nesterov",
        "The step is Nesterov's",
        """Nesterov's variant moves by g + momentum·v with the new v, looking one step ahead. The plain form, which is
        asked for, moves by v.""",
        replace(SGD_PARAM, "new_param = param - lr * (grad + momentum * velocity)"),
    ),
    Mistake(
        "sign_flipped",
        "The step goes up the gradient",
        """The gradient points to where the loss grows; the step goes the other way, θ ← θ − lr·…. With a plus the loss
        climbs from the first step on.""",
        *each(
            replace(SGD_PARAM, "new_param = param + lr * velocity"),
            replace(RMSPROP_PARAM, "new_param = param + lr * grad / root"),
            replace(ADAM_PARAM, ADAM_PARAM.replace("- lr", "+ lr")),
        ),
    ),
    Mistake(
        "average_weights_swapped",
        "The weights of a running average are swapped",
        """alpha (or β) weighs the old average and 1 − alpha the new value. The other way round the average forgets
        everything but the last gradient, as if there were no average at all.""",
        replace(SQUARES, 'square_average = (1 - alpha) * state.get("square_average", 0.0) + alpha * grad**2'),
        [
            replace(M, 'm = (1 - beta1) * state.get("m", 0.0) + beta1 * grad'),
            replace(V, 'v = (1 - beta2) * state.get("v", 0.0) + beta2 * grad**2'),
        ],
    ),
    Mistake(
        "new_value_unweighted",
        "The new value of a running average is not weighted",
        """In s ← alpha·s + g² the weights do not sum to one: s grows to 1/(1 − alpha) times the average it is to be,
        and the steps come out too small. A plain sum, s ← s + g², is AdaGrad. The new value has the weight 1 −
        alpha.""",
        replace(SQUARES, 'square_average = alpha * state.get("square_average", 0.0) + grad**2'),
        replace(SQUARES, 'square_average = state.get("square_average", 0.0) + grad**2'),
        [replace(M, M.replace("(1 - beta1) * ", "")), replace(V, V.replace("(1 - beta2) * ", ""))],
    ),
    Mistake(
        "root_missing",
        "The gradient is divided by the average square, not by its root",
        """g/√s has the size of 1 whatever the scale of the gradients is; g/s grows as they become small. The root of
        the average square has the unit of a gradient and cancels it.""",
        *each(replace(ROOT, "root = square_average + eps"), replace(DENOMINATOR, "denominator = v_hat + eps")),
    ),
    Mistake(
        "second_moment_not_squared",
        "The running average of the squares is one of the gradients",
        """The denominator is to have the size of the gradients whatever their sign: the average of g², under a root.
        The average of g itself can be negative, and its root is then NaN; that of |g| is no square.""",
        *(
            edits
            for g in ("grad", "np.abs(grad)")
            for edits in each(replace(SQUARES, SQUARES.replace("grad**2", g)), replace(V, V.replace("grad**2", g)))
        ),
        formula=r"v_t = \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2",
    ),
    Mistake(
        "corrected_moments_stored",
        "The corrected moments are kept as the state",
        """m̂ and v̂ serve one step. The state keeps m and v as they are before the correction: else the next step
        corrects once more what was corrected already, and the first gradients weigh more and more.""",
        replace('"m": m, "v": v}', '"m": m_hat, "v": v_hat}'),
        replace('"m": m, "v": v}', '"m": m_hat, "v": v}'),
        replace('"m": m, "v": v}', '"m": m, "v": v_hat}'),
    ),
    Mistake(
        "amsgrad",
        "The step is AMSGrad's",
        """AMSGrad divides by the root of the largest second moment so far, so that steps never grow again. Adam takes
        the moment as it is, also where it falls.""",
        [
            replace(
                DENOMINATOR,
                'largest = np.maximum(state.get("largest", 0.0), v_hat)\n    denominator = np.sqrt(largest) + eps',
            ),
            replace(ADAM_STATE, 'return new_param, {"step": step, "m": m, "v": v, "largest": largest}'),
        ],
        [
            replace(
                V_HAT, 'largest = np.maximum(state.get("largest", 0.0), v)\n    v_hat = largest / (1 - beta2**step)'
            ),
            replace(ADAM_STATE, 'return new_param, {"step": step, "m": m, "v": v, "largest": largest}'),
        ],
        replace(V, f"{V}\n    v = np.maximum(v, state.get('v', 0.0))"),
        formula=r"\hat v_t = v_t / (1 - \beta_2^t), \quad\text{not}\quad \max(\hat v_{t-1}, v_t)",
    ),
    Mistake(
        "another_relative_of_adam",
        "The step is that of a relative of Adam: NAdam, AdaMax, AdaBelief or the sign alone",
        """Adam's second moment is the average of g², and its step uses the average of g. NAdam looks one step ahead,
        AdaMax keeps a maximum, AdaBelief the distance of g from its average, and a step of the sign has no second
        moment.""",
        replace(ADAM_PARAM, ADAM_PARAM.replace("m_hat", "(beta1 * m_hat + (1 - beta1) * grad / (1 - beta1**step))")),
        replace(V, 'v = beta2 * state.get("v", 0.0) + (1 - beta2) * (grad - m) ** 2'),
        replace(ADAM_PARAM, "new_param = decayed - lr * np.sign(m_hat)"),
        replace(V, 'v = np.maximum(beta2 * state.get("v", 0.0) ** 0.5, np.abs(grad)) ** 2'),
        [
            replace(V, 'v = np.maximum(beta2 * state.get("v", 0.0), np.abs(grad))'),
            replace(DENOMINATOR, "denominator = v + eps"),
        ],
    ),
    Mistake(
        "moment_of_the_moment",
        "The moments are mixed up: m² for g², or the gradient for m",
        """m averages the gradients, v their squares, each from the gradient of this step. v from m² is too small as
        long as m is, and a step along the gradient itself has no momentum.""",
        replace(V, 'v = beta2 * state.get("v", 0.0) + (1 - beta2) * m**2'),
        replace(ADAM_PARAM, "new_param = decayed - lr * grad / denominator"),
    ),
    Mistake(
        "beta_times_t",
        "β · t stands in place of βᵗ",
        """The bias correction divides by 1 − β to the power of t. 1 − β·t is negative from the second step on.""",
        [replace(M_HAT, "m_hat = m / (1 - beta1 * step)"), replace(V_HAT, "v_hat = v / (1 - beta2 * step)")],
        formula=r"\hat m_t = m_t / (1 - \beta_1^t)",
    ),
    Mistake(
        "decay_grows",
        "The weight decay makes the weights larger",
        """Decay multiplies the weights by 1 − lr · weight_decay, a little less than 1.""",
        replace(DECAYED, "decayed = param * (1 + lr * weight_decay)"),
    ),
    Mistake(
        "old_state_in_the_step",
        "The step uses the state from before it, or no state at all",
        """First the state takes in the new gradient, then the parameters move by the new state. Without it SGD has no
        momentum.""",
        replace(SGD_PARAM, "new_param = param - lr * grad"),
        replace(SGD_PARAM, "new_param = param - lr * state.get('velocity', grad)"),
        replace(SGD_PARAM, "new_param = param - lr * state.get('velocity', 0.0)"),
        replace(ROOT, "root = np.sqrt(state.get('square_average', square_average)) + eps"),
    ),
    Mistake(
        "centred",
        "The variance of the gradients is used: centred RMSprop",
        """The square of the average gradient is subtracted from the average square. That is PyTorch's centered=True;
        asked for is the average square as it is.""",
        [
            replace(
                ROOT,
                'average = alpha * state.get("average", 0.0) + (1 - alpha) * grad\n'
                "    root = np.sqrt(np.maximum(square_average - average**2, 0)) + eps",
            ),
            replace(RMSPROP_STATE, 'return new_param, {"square_average": square_average, "average": average}'),
        ],
    ),
]
