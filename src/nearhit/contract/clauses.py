"""All clauses of the contract, one row each."""

from . import answers, conduct, hostile
from .clause import clause_of

CLAUSES = {
    clause.name: clause
    for clause in (
        clause_of(answers.shape_and_type),
        clause_of(answers.rows_in_range),
        clause_of(answers.no_duplicates),
        clause_of(answers.nearest_first),
        clause_of(answers.neighbours),
        clause_of(answers.neighbours_of_others),
        clause_of(answers.neighbours_in_the_event, demanded=False),
        clause_of(answers.ties),
        clause_of(answers.fewer_points_than_k),
        clause_of(answers.as_many_points_as_k),
        *hostile.DIMENSIONS,
        *hostile.LAYOUTS,
        *hostile.MAGNITUDES,
        clause_of(hostile.identical_points),
        clause_of(hostile.no_points),
        clause_of(hostile.not_finite),
        clause_of(hostile.million_points, demanded=False),
        clause_of(conduct.input_unchanged),
        clause_of(conduct.two_indexes_at_once),
        clause_of(conduct.repeatable_as_claimed),
        clause_of(conduct.same_answer_on_all_threads, demanded=False),
        clause_of(conduct.one_thread_is_one, demanded=False, one_thread=True),
        clause_of(conduct.all_threads_are_used, demanded=False),
        clause_of(conduct.used_from_two_threads, demanded=False),
        clause_of(conduct.memory_given_back, demanded=False),
    )
}
