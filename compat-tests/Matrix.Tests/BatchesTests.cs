using Tandem.Compat.Matrix.Running;

namespace Tandem.Matrix.Tests;

public sealed class BatchesTests
{
    [Theory]
    [InlineData(30, 80, 2, new[] { 30 })]
    [InlineData(81, 80, 2, new[] { 41, 40 })]
    [InlineData(161, 80, 2, new[] { 41, 40, 40, 40 })]
    [InlineData(161, 80, 1, new[] { 54, 54, 53 })]
    [InlineData(0, 80, 2, new int[0])]
    public void Batches_Are_of_equal_size_and_as_many_for_each_stage(int runs, int size, int stages, int[] expected) =>
        Assert.Equal(expected, MatrixRun.Batches(Runs(runs), size, stages).Select(batch => batch.Length));

    [Fact]
    public void Batches_Have_every_run_once() => Assert.Equal(Runs(161).ToHashSet(), MatrixRun.Batches(Runs(161), 80, 2).SelectMany(batch => batch).ToHashSet());

    private static Run[] Runs(int count) => [.. Enumerable.Range(0, count).Select(index => Example.Run with { Transport = $"{index}" })];
}
