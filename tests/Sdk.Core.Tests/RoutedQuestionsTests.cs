using Microsoft.Extensions.Time.Testing;

namespace Tandem.Sdk.Core.Tests;

public sealed class RoutedQuestionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RoutedQuestions _questions;

    public RoutedQuestionsTests() => _questions = new RoutedQuestions(_time);

    [Fact]
    public void A_question_is_there_until_its_client_has_answered()
    {
        _questions.Add("q1", "c1");

        Assert.True(_questions.Contains("q1"));
        Assert.False(_questions.TryRemove("q1", "another client"));
        Assert.True(_questions.TryRemove("q1", "c1"));
        Assert.False(_questions.TryRemove("q1", "c1"));
        Assert.Equal(0, _questions.Count);
    }

    [Fact]
    public void A_client_that_leaves_takes_its_questions_with_it()
    {
        _questions.Add("q1", "c1");
        _questions.Add("q2", "c2");
        _questions.Add("q3", "c1");
        _questions.Add("q4", "c1");
        _questions.Remove("q4");

        _questions.RemoveConnection("c1");

        Assert.Equal(1, _questions.Count);
        Assert.True(_questions.Contains("q2"));
    }

    [Fact]
    public void Questions_nobody_waits_for_any_more_are_forgotten()
    {
        _questions.Add("old", "c1");
        _time.Advance(RoutedQuestions.MaxAge / 2);
        _questions.Add("young", "c1");
        _time.Advance(RoutedQuestions.MaxAge / 2);

        _questions.Add("new", "c1");

        Assert.False(_questions.Contains("old"));
        Assert.True(_questions.Contains("young"));
        Assert.Equal(2, _questions.Count);
    }

    [Fact]
    public void The_oldest_question_goes_when_there_are_too_many()
    {
        for (var i = 0; i <= RoutedQuestions.MaxCount; i++)
        {
            _questions.Add($"q{i}", $"c{i % 7}");
        }

        Assert.Equal(RoutedQuestions.MaxCount, _questions.Count);
        Assert.False(_questions.Contains("q0"));
        Assert.True(_questions.Contains("q1"));
        for (var i = 0; i < 7; i++)
        {
            _questions.RemoveConnection($"c{i}");
        }

        Assert.Equal(0, _questions.Count);
    }

    [Fact]
    public void A_question_that_comes_twice_is_one()
    {
        _questions.Add("q1", "c1");
        _questions.Add("q1", "c1");

        Assert.True(_questions.TryRemove("q1", "c1"));
        Assert.False(_questions.Contains("q1"));
    }
}
